import type { Clock } from '../clock.js';
import type { AdapterCapabilities, ReplyAddress } from './adapter.js';

export type Rate = AdapterCapabilities['rate'];

interface Waiter {
  grant(): void;
}

/**
 * A token bucket: `burst` tokens at once, one more every `refillMs`. Waiters are served in the order they came. There
 * is at most one timer, and none while nobody waits.
 */
export class RateBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #refilledAt: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  readonly #waiters: Waiter[] = [];
  #timer: AbortController | null = null;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#refilledAt = clock.elapsed();
  }

  /** Whether the bucket is as good as new: full, unpaused, nobody waits. */
  get idle(): boolean {
    this.#refill();
    return (
      this.#waiters.length === 0 &&
      this.#tokens >= this.#rate.burst &&
      this.#clock.elapsed() >= this.#pausedUntil
    );
  }

  /** Resolves with one token taken. @throws the signal's reason when aborted while waiting. */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiters.length === 0 && this.#waitMs() <= 0) {
      this.#tokens -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        if (this.#waiters.length === 0) this.#timer?.abort();
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        grant: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  /** Gives back a token that was not used. */
  refund(): void {
    this.#refill();
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1);
    this.#timer?.abort();
  }

  /** The platform asked for silence: nothing is granted for `ms`. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.elapsed() + ms);
  }

  /** Time until the next token, ms; 0 or less when there is one. */
  #waitMs(): number {
    this.#refill();
    const now = this.#clock.elapsed();
    const untilToken = this.#tokens >= 1 ? 0 : this.#refilledAt + this.#rate.refillMs - now;
    return Math.max(untilToken, this.#pausedUntil - now);
  }

  #refill(): void {
    const now = this.#clock.elapsed();
    const { burst, refillMs } = this.#rate;
    if (this.#tokens >= burst) {
      this.#refilledAt = now;
      return;
    }
    const gained = refillMs > 0 ? Math.floor((now - this.#refilledAt) / refillMs) : burst;
    if (gained <= 0) return;
    this.#tokens = Math.min(burst, this.#tokens + gained);
    this.#refilledAt = this.#tokens >= burst ? now : this.#refilledAt + gained * refillMs;
  }

  #serve(): void {
    if (this.#timer) return;
    while (this.#waiters.length > 0) {
      const wait = this.#waitMs();
      if (wait > 0) {
        this.#wakeAfter(wait);
        return;
      }
      this.#tokens -= 1;
      this.#waiters.shift()?.grant();
    }
  }

  #wakeAfter(ms: number): void {
    const timer = new AbortController();
    this.#timer = timer;
    const done = (): void => {
      this.#timer = null;
      this.#serve();
    };
    this.#clock.sleep(ms, timer.signal).then(done, done);
  }
}

const sweepAt = 1024;

/** The buckets of all channels of a process, made on demand and forgotten when idle. */
export class RateBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, RateBucket>();
  #sweepSize = sweepAt;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** The bucket of a channel, shared by every post and edit in it. Ask again for every use: idle buckets are dropped. */
  of(address: ReplyAddress, rate: Rate): RateBucket {
    const key = `${address.platform}:${address.channel}`;
    const known = this.#buckets.get(key);
    if (known) return known;
    if (this.#buckets.size >= this.#sweepSize) this.#sweep();
    const bucket = new RateBucket(rate, this.#clock);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #sweep(): void {
    for (const [key, bucket] of this.#buckets) if (bucket.idle) this.#buckets.delete(key);
    this.#sweepSize = Math.max(sweepAt, this.#buckets.size * 2);
  }
}
