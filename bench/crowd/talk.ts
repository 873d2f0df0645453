/** What one person wrote and what they saw after it. Times are ms of the clock of the process that plays the people. */
export interface Talk {
  readonly saidAt: number;
  /** The platform was told that the message has arrived; null where it takes no acknowledgement. */
  readonly ackedAt: number | null;
  /** The first sign that somebody answers: a typing indicator, a status line or a message, whichever came first. */
  readonly signAt: number | null;
  /** The first message, whatever it said. */
  readonly postedAt: number | null;
  /** That message held no text of the reply yet. */
  readonly placeholder: boolean;
  /** When the reply showed (more) text, oldest first. */
  readonly shownAt: readonly number[];
  /** When it showed all of it; null where it never did. */
  readonly wholeAt: number | null;
  /** Shortest time between two changes of this reply that is configured, ms. */
  readonly intervalMs: number;
  /** Messages of the bot; a whole reply here is one. */
  readonly messages: number;
}

/** People write at these moments, ms from now: independently of each other, all within `spreadMs`. */
export function arrivals(count: number, spreadMs: number, random: () => number): number[] {
  return Array.from({ length: count }, () => random() * spreadMs).sort((a, b) => a - b);
}

/** The same numbers in every run, uniform in [0, 1) (Steele et al. 2014, splitmix32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 0x1_0000_0000;
  };
}
