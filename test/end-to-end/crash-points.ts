import type { Store } from '../../src/state/store.js';

/** Called at every point of a turn at which a process may die, e.g. `sessions.commit#1:before`. */
export type Point = (name: string) => Promise<void>;

const groups = ['inbox', 'lease', 'sessions', 'transcript', 'outbox', 'people'] as const;

/** A store that passes a point before and after each of its calls. */
export function withPoints(store: Store, point: Point): Store {
  const counts = new Map<string, number>();
  const numbered = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}#${count}`;
  };
  const wrapped = groups.map((group) => {
    const methods = Object.entries(store[group]).map(([method, call]) => [
      method,
      async (...parameters: unknown[]) => {
        const name = numbered(`${group}.${method}`);
        await point(`${name}:before`);
        const result: unknown = await (call as (...given: unknown[]) => Promise<unknown>)(...parameters);
        await point(`${name}:after`);
        return result;
      },
    ]);
    return [group, Object.fromEntries(methods)];
  });
  return new Proxy(store, {
    get: (target, key) => {
      const found = wrapped.find(([group]) => group === key);
      return found ? found[1] : Reflect.get(target, key);
    },
  });
}
