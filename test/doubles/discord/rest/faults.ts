/** Which requests a fault strikes; what is left out matches all. */
export interface FaultMatch {
  readonly method?: string;
  /** A part of the path without `/api/v10`, or a pattern for it. */
  readonly path?: string | RegExp;
  /** The text stands somewhere in the body. */
  readonly bodyIncludes?: string;
}

export type FaultKind =
  /** Answered with an error; nothing takes place. */
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly code?: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Answered with 429. */
  | { readonly kind: 'limit'; readonly retryAfterMs: number; readonly scope: 'user' | 'global' | 'shared' }
  /** It takes place, but the connection breaks before the answer. */
  | { readonly kind: 'drop-response' }
  /** The connection breaks and nothing takes place. */
  | { readonly kind: 'drop-request' }
  /** Real time passes before it takes place. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It waits until the test lets it go on. */
  | { readonly kind: 'hold'; readonly gate: Gate };

export interface Gate {
  reached(): void;
  readonly opened: Promise<void>;
}

/** A request that stands before a closed gate. */
export interface HeldRequests {
  /** Resolves once a request has come that far. */
  readonly reached: Promise<void>;
  /** Lets this and later requests through. */
  release(): void;
}

interface Order {
  readonly match: FaultMatch;
  readonly fault: FaultKind;
  left: number;
}

/** Faults a test ordered, taken in the order they were given. */
export class Faults {
  readonly #orders: Order[] = [];

  /** Strikes the next `times` (1) requests that match. */
  add(match: FaultMatch, fault: FaultKind, times = 1): void {
    this.#orders.push({ match, fault, left: times });
  }

  refuse(
    match: FaultMatch,
    error: { readonly status: number; readonly code?: number; readonly message?: string },
    times = 1,
  ): void {
    this.add(match, { kind: 'refuse', ...error }, times);
  }

  rateLimit(
    match: FaultMatch,
    { retryAfterMs, scope = 'user' }: { retryAfterMs: number; scope?: 'user' | 'global' | 'shared' },
    times = 1,
  ): void {
    this.add(match, { kind: 'limit', retryAfterMs, scope }, times);
  }

  /** The write takes place, its answer is lost. */
  dropResponse(match: FaultMatch, times = 1): void {
    this.add(match, { kind: 'drop-response' }, times);
  }

  dropRequest(match: FaultMatch, times = 1): void {
    this.add(match, { kind: 'drop-request' }, times);
  }

  delay(match: FaultMatch, ms: number, times = 1): void {
    this.add(match, { kind: 'delay', ms }, times);
  }

  /** Keeps every request that matches waiting until it is released. */
  hold(match: FaultMatch): HeldRequests {
    let reached = (): void => undefined;
    let release = (): void => undefined;
    const hasReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const opened = new Promise<void>((resolve) => {
      release = resolve;
    });
    const order: Order = { match, fault: { kind: 'hold', gate: { reached, opened } }, left: Infinity };
    this.#orders.push(order);
    return {
      reached: hasReached,
      release: () => {
        order.left = 0;
        release();
      },
    };
  }

  /** Forgets what has not struck yet; requests on hold stay there. */
  clear(): void {
    for (const order of this.#orders) order.left = 0;
  }

  /** The faults that strike a request: at most one of each kind. */
  strike(method: string, path: string, body: unknown): FaultKind[] {
    const struck: FaultKind[] = [];
    for (const order of this.#orders) {
      if (order.left <= 0 || struck.some((fault) => fault.kind === order.fault.kind)) continue;
      if (!matches(order.match, method, path, body)) continue;
      order.left -= 1;
      struck.push(order.fault);
    }
    return struck;
  }
}

function matches(match: FaultMatch, method: string, path: string, body: unknown): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  if (typeof match.path === 'string' && !path.includes(match.path)) return false;
  if (match.path instanceof RegExp && !match.path.test(path)) return false;
  return match.bodyIncludes === undefined || JSON.stringify(body ?? null).includes(match.bodyIncludes);
}
