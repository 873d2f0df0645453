import type { APIGatewaySessionStartLimit } from 'discord-api-types/v10';
import type { Clock } from '../../../../src/clock.js';
import type { DiscordOptions } from '../options.js';

const day = 86_400_000;

/** IDENTIFYs are counted: 1,000 a day, and one every 5 s for each key `shard id % max_concurrency`. */
export class StartLimit {
  readonly #clock: Clock;
  readonly #options: DiscordOptions;
  readonly #total: number;
  readonly #lastOfKey = new Map<number, number>();
  #remaining: number;
  #resetsAt: number;

  constructor(clock: Clock, options: DiscordOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#total = options.sessionStarts ?? 1_000;
    this.#remaining = this.#total;
    this.#resetsAt = clock.now() + day;
  }

  /** Counts an IDENTIFY. @returns whether it may go on. */
  take(shard: number): boolean {
    const { remaining, max_concurrency: concurrency } = this.read();
    const now = this.#clock.now();
    const key = shard % concurrency;
    const last = this.#lastOfKey.get(key);
    if (remaining <= 0) return false;
    if (this.#options.enforceIdentifyRate && last !== undefined && now - last < 5_000) return false;
    this.#lastOfKey.set(key, now);
    this.#remaining -= 1;
    return true;
  }

  read(): APIGatewaySessionStartLimit {
    const now = this.#clock.now();
    if (now >= this.#resetsAt) {
      this.#remaining = this.#total;
      this.#resetsAt = now + day;
    }
    return {
      total: this.#total,
      remaining: this.#remaining,
      reset_after: this.#resetsAt - now,
      max_concurrency: this.#options.maxConcurrency ?? 1,
    };
  }
}
