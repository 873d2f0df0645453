import type { Clock } from '../../src/clock.js';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  wake(): void;
}

/** Lets everything that is ready run: promise chains, however long, but no timers of a {@link FakeClock}. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until {@link advance} moves it. */
export class FakeClock implements Clock {
  readonly #start: number;
  #time = 0;
  #count = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** @param start wall clock at `elapsed` 0, ms since the epoch. */
  constructor(start = 1_700_000_000_000) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#time;
  }
  elapsed(): number {
    return this.#time;
  }
  /** Timers that wait right now. */
  get timers(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#time + Math.max(0, ms),
        order: this.#count,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.#count += 1;
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves time on by `ms`, waking sleepers one after the other and letting each do what it does before the next. */
  async advance(ms: number): Promise<void> {
    const target = this.#time + ms;
    await settled();
    for (let next = this.#earliest(target); next; next = this.#earliest(target)) {
      this.#time = Math.max(this.#time, next.at);
      this.#sleepers.delete(next);
      next.wake();
      await settled();
    }
    this.#time = target;
  }

  /**
   * Moves time on until the promise has settled.
   * @throws Error when nothing waits for time any more, or after `limitMs` of it.
   */
  async until<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let open = true;
    const done = (): void => {
      open = false;
    };
    promise.then(done, done);
    const target = this.#time + limitMs;
    await settled();
    while (open) {
      const next = this.#earliest(target);
      if (!next)
        throw new Error(`the promise is still pending at ${this.#time} ms and nothing waits for time`);
      await this.advance(Math.max(0, next.at - this.#time));
    }
    return promise;
  }

  #earliest(target: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > target) continue;
      if (!first || sleeper.at < first.at || (sleeper.at === first.at && sleeper.order < first.order))
        first = sleeper;
    }
    return first;
  }
}
