import type { Clock } from '../../../../src/clock.js';

/** The first second of 2015, ms since the epoch: where Discord's ids begin to count. */
const discordEpoch = 1_420_070_400_000;
const year = 31_536_000_000;

/** Ids as Discord makes them: 42 bits of time, 22 bits to tell apart what was made in one millisecond; always growing. */
export class Snowflakes {
  readonly #clock: Clock;
  #last = 0n;
  #guilds = 0;
  readonly #started: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#started = clock.now();
  }

  next(): string {
    const now = snowflakeAt(this.#clock.now());
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last.toString();
  }

  /** A guild's id: a year old, one millisecond after the guild before it, so that guilds spread evenly over shards. */
  nextGuild(): string {
    this.#guilds += 1;
    return snowflakeAt(this.#started - year + this.#guilds).toString();
  }
}

/** The smallest id of a moment. @param at ms since the epoch. */
export function snowflakeAt(at: number): bigint {
  return BigInt(Math.floor(at) - discordEpoch) << 22n;
}

/** The shard that is told of a guild's events; direct messages (null) belong to shard 0. */
export function shardOf(guildId: string | null, shards: number): number {
  return guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(shards));
}

/** Orders ids by age: shorter strings are smaller numbers. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
