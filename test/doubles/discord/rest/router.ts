import type { Route } from './call.js';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a method and a path; literal segments win over `:name` because they are listed first. */
export class Router {
  readonly #routes: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map(compile);
  }

  /** @returns null where no route has the path, 'method' where one has it under another method. */
  find(method: string, path: string): Match | 'method' | null {
    let known = false;
    for (const { route, pattern, names } of this.#routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      known = true;
      if (route.method !== method) continue;
      const params = Object.fromEntries(
        names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]),
      );
      return { route, params };
    }
    return known ? 'method' : null;
  }
}

function compile(route: Route): Compiled {
  const names: string[] = [];
  const source = route.path.replace(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return { route, names, pattern: new RegExp(`^${source}$`) };
}
