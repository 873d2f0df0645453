import { EndpointFailure } from './endpoint-failure.js';

interface Waiter {
  readonly grant: () => void;
}

/** Bounds how many requests an endpoint serves at once; the others wait in order of arrival. */
export class Slots {
  readonly #capacity: number;
  readonly #maxQueued: number;
  readonly #queue = new Set<Waiter>();
  #active = 0;

  /** @param capacity 0 for no bound. */
  constructor(capacity: number, maxQueued: number) {
    this.#capacity = capacity > 0 ? capacity : Number.POSITIVE_INFINITY;
    this.#maxQueued = maxQueued;
  }

  get active(): number {
    return this.#active;
  }
  get queued(): number {
    return this.#queue.size;
  }
  get free(): boolean {
    return this.#active < this.#capacity;
  }

  /**
   * Takes a slot, waiting at most `maxMs`. The returned function gives it back; calling it twice does no harm.
   * @throws EndpointFailure `busy` when the queue is full, or after `maxMs`; the signal's reason when aborted.
   */
  async acquire(maxMs: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (!this.free) await this.#wait(maxMs, signal);
    else this.#active += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#release();
    };
  }

  #wait(maxMs: number, signal: AbortSignal): Promise<void> {
    if (this.#queue.size >= this.#maxQueued) {
      throw new EndpointFailure(
        'busy',
        `${this.#active} requests are running and ${this.#queue.size} are waiting`,
      );
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        grant: () => {
          leave();
          resolve();
        },
      };
      const abort = (): void => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(new EndpointFailure('busy', `no free slot within ${maxMs} ms`));
      }, maxMs);
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.add(waiter);
    });
  }

  /** Hands the slot to the one that waited longest, so that a newcomer cannot overtake. */
  #release(): void {
    const [next] = this.#queue;
    if (next) next.grant();
    else this.#active -= 1;
  }
}
