import type { Clock } from '../../../src/clock.js';
import { RateBucket } from '../../../src/delivery/rate-bucket.js';

/** The share of what Discord grants that growing text may take; the rest is for what cannot wait. */
const growingShare = 0.72;
/** The share of what is granted in a second that may go out at once; the rest follows evenly. */
const burstShare = 0.2;
const secondMs = 1_000;
/** Who has not asked for so long does not wait any more, ms: text that was held back is asked for again after a second. */
const waitsForMs = 1_500;

/**
 * The requests that Discord counts together: evenly, so that no second has more than it grants wherever its seconds begin,
 * in the order they came. Where many conversations share the limit, text that is still growing is shown less often, in all of
 * them alike.
 */
export class RequestPace {
  readonly #clock: Clock;
  readonly #bucket: RateBucket;
  readonly #forGrowingText: number;
  /** When the requests of the last second went out. */
  readonly #made: number[] = [];
  /** When growing text was let through whose request has not come yet. */
  readonly #granted: number[] = [];
  /** Conversations whose text grows, those that asked last at the end: when they asked, and when they had their last turn. */
  readonly #growing = new Map<string, { readonly askedAt: number; readonly servedAt: number }>();
  #waiting = 0;

  /** @param perSecond requests that Discord grants in a second. */
  constructor(clock: Clock, perSecond: number) {
    const burst = Math.max(1, Math.floor(perSecond * burstShare));
    this.#clock = clock;
    this.#bucket = new RateBucket({ burst, refillMs: secondMs / (perSecond - burst) }, clock);
    this.#forGrowingText = Math.floor(perSecond * growingShare);
  }

  /** Resolves when a request may go out. @throws the signal's reason when aborted while waiting. */
  async turn(signal?: AbortSignal | null): Promise<void> {
    this.#forget();
    this.#granted.shift();
    this.#waiting += 1;
    try {
      await this.#bucket.take(signal ?? undefined);
      this.#made.push(this.#clock.elapsed());
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * Whether a conversation may make a request that could be left out; if so, it is counted on. Where not all can, those go
   * first whose last time is longest ago.
   */
  grant(conversation: string): boolean {
    this.#forget();
    const now = this.#clock.elapsed();
    const servedAt = this.#growing.get(conversation)?.servedAt ?? now;
    const room = this.#forGrowingText - this.#made.length - this.#waiting - this.#granted.length;
    const isGranted = room > 0 && this.#before(servedAt, room) < room;
    this.#growing.delete(conversation);
    // Who has waited since this very moment goes before who was served in it.
    this.#growing.set(conversation, { askedAt: now, servedAt: isGranted ? now + 1 : servedAt });
    if (isGranted) this.#granted.push(now);
    return isGranted;
  }

  /** How many wait for longer, counted up to `most`. */
  #before(servedAt: number, most: number): number {
    let count = 0;
    for (const other of this.#growing.values()) {
      if (other.servedAt < servedAt) count += 1;
      if (count >= most) break;
    }
    return count;
  }

  #forget(): void {
    const now = this.#clock.elapsed();
    for (const [conversation, { askedAt }] of this.#growing) {
      if (askedAt > now - waitsForMs) break;
      this.#growing.delete(conversation);
    }
    const oldest = now - secondMs;
    for (const times of [this.#made, this.#granted])
      while ((times[0] ?? Number.POSITIVE_INFINITY) <= oldest) times.shift();
  }
}
