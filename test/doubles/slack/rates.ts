import type { Cloud } from './cloud.js';
import type { Tier } from './method.js';

const minuteMs = 60_000;

/** What a workspace may do, per method; Slack promises "at least" these. */
export class Rates {
  /** Off: nothing is ever refused for being too fast. */
  enabled = true;
  /** Calls a minute. */
  readonly perMinute: Record<1 | 2 | 3 | 4 | 'status', number> = { 1: 1, 2: 20, 3: 50, 4: 100, status: 600 };
  /** Posts to one channel: `burst` at once, then one every `refillMs`. */
  channel = { burst: 5, refillMs: 1_000 };
  readonly #cloud: Cloud;
  readonly #windows = new Map<string, number[]>();
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Counts a call. Returns how long to wait, s, when it is one too many; else 0. */
  take(tier: Tier, team: string, method: string, channel: string): number {
    if (!this.enabled || tier === 'none') return 0;
    return tier === 'channel'
      ? this.#takePost(`${team}/${channel}`)
      : this.#takeCall(tier, `${team}/${method}`);
  }

  #takeCall(tier: keyof Rates['perMinute'], key: string): number {
    const now = this.#cloud.clock.elapsed();
    const recent = (this.#windows.get(key) ?? []).filter((at) => at > now - minuteMs);
    this.#windows.set(key, recent);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= this.perMinute[tier])
      return Math.max(1, Math.ceil((oldest + minuteMs - now) / 1000));
    recent.push(now);
    return 0;
  }

  #takePost(key: string): number {
    const now = this.#cloud.clock.elapsed();
    const { burst, refillMs } = this.channel;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs);
    const granted = tokens >= 1;
    this.#buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted ? 0 : Math.max(1, Math.ceil(((1 - tokens) * refillMs) / 1000));
  }
}
