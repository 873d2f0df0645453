import type { Clock } from '../../../../src/clock.js';
import type { DiscordOptions } from '../options.js';

/** So many requests in so long. */
export interface Limit {
  readonly limit: number;
  readonly windowMs: number;
}

export type RateLimitName = keyof RateLimitTable;

/** Discord publishes no figures; these are what its headers are commonly seen to say. */
export interface RateLimitTable {
  readonly messageCreate: Limit;
  readonly messageEdit: Limit;
  readonly messageDelete: Limit;
  readonly messageRead: Limit;
  readonly typing: Limit;
  readonly reaction: Limit;
  readonly thread: Limit;
  readonly channel: Limit;
  readonly guild: Limit;
  readonly command: Limit;
  readonly dm: Limit;
  readonly webhook: Limit;
  readonly webhookSend: Limit;
  readonly webhookEdit: Limit;
  /** All requests with the bot's token together. */
  readonly global: Limit;
  /** All requests of webhooks together, which carry no token and are counted by address. */
  readonly address: Limit;
  /** Webhook sends into one channel, whatever the webhook. */
  readonly webhookChannel: Limit;
  /** Edits of one channel's messages that are older than an hour (30046). */
  readonly oldEdit: Limit;
}

export const defaultLimits: RateLimitTable = {
  messageCreate: { limit: 5, windowMs: 5_000 },
  messageEdit: { limit: 5, windowMs: 5_000 },
  messageDelete: { limit: 5, windowMs: 1_000 },
  messageRead: { limit: 10, windowMs: 5_000 },
  typing: { limit: 5, windowMs: 5_000 },
  reaction: { limit: 1, windowMs: 250 },
  thread: { limit: 50, windowMs: 300_000 },
  channel: { limit: 10, windowMs: 5_000 },
  guild: { limit: 10, windowMs: 5_000 },
  command: { limit: 5, windowMs: 20_000 },
  dm: { limit: 10, windowMs: 5_000 },
  webhook: { limit: 10, windowMs: 5_000 },
  webhookSend: { limit: 5, windowMs: 2_000 },
  webhookEdit: { limit: 5, windowMs: 2_000 },
  global: { limit: 50, windowMs: 1_000 },
  address: { limit: 50, windowMs: 1_000 },
  webhookChannel: { limit: 30, windowMs: 60_000 },
  oldEdit: { limit: 5, windowMs: 3_600_000 },
};

/** What a request found in its bucket. */
export interface Standing {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAfterMs: number;
}

/** Counts requests in fixed windows of the clock. */
export class RateLimits {
  readonly table: RateLimitTable | null;
  readonly #clock: Clock;
  readonly #windows = new Map<string, { used: number; endsAt: number }>();

  constructor(clock: Clock, options: DiscordOptions) {
    this.#clock = clock;
    this.table = options.rateLimits === false ? null : { ...defaultLimits, ...options.rateLimits };
  }

  /** Takes one from a bucket. @param key the bucket with the resource that has it to itself. */
  take(name: RateLimitName, key: string): Standing | null {
    if (!this.table) return null;
    const { limit, windowMs } = this.table[name];
    const now = this.#clock.now();
    const id = `${name} ${key}`;
    let window = this.#windows.get(id);
    if (!window || now >= window.endsAt) {
      window = { used: 0, endsAt: now + windowMs };
      this.#windows.set(id, window);
    }
    const allowed = window.used < limit;
    if (allowed) window.used += 1;
    return { allowed, limit, remaining: limit - window.used, resetAfterMs: window.endsAt - now };
  }
}

/** The headers of an answer from a limited bucket. */
export function limitHeaders(name: RateLimitName, standing: Standing, now: number): Record<string, string> {
  return {
    'x-ratelimit-bucket': bucketId(name),
    'x-ratelimit-limit': String(standing.limit),
    'x-ratelimit-remaining': String(standing.remaining),
    'x-ratelimit-reset': ((now + standing.resetAfterMs) / 1_000).toFixed(3),
    'x-ratelimit-reset-after': (standing.resetAfterMs / 1_000).toFixed(3),
  };
}

/** An opaque name, the same for every resource, as Discord's are. */
function bucketId(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(32, '0').slice(0, 32);
}
