/**
 * Cuts a streamed text before the first stop string, however the text is split into chunks. Text that may be the
 * beginning of a stop string is held back until it is decided. Servers differ: vLLM cuts before the stop string, others
 * send it along or ignore it; with this guard no stop text ever leaves.
 */
export class StopGuard {
  readonly #stops: readonly string[];
  #held = '';
  #matched: string | null = null;

  constructor(stops: readonly string[] = []) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** The stop string that was met, or null. After it nothing passes. */
  get matched(): string | null {
    return this.#matched;
  }

  /** Takes the next piece and gives back what is safe to show. */
  push(piece: string): string {
    if (this.#matched !== null) return '';
    if (this.#stops.length === 0) return piece;
    const text = this.#held + piece;
    const match = this.#firstMatch(text);
    if (match) {
      this.#matched = match.stop;
      this.#held = '';
      return text.slice(0, match.start);
    }
    const kept = this.#undecided(text);
    this.#held = text.slice(text.length - kept);
    return text.slice(0, text.length - kept);
  }

  /**
   * Gives back what was held, once the text is over. With `cut` (the reply hit its length limit) a held beginning of a
   * stop string is a torn stop string and is dropped.
   */
  flush(cut = false): string {
    const rest = cut || this.#matched !== null ? '' : this.#held;
    this.#held = '';
    return rest;
  }

  /** The stop string that is complete first; the longest of those that end together. */
  #firstMatch(text: string): { start: number; stop: string } | null {
    let first: { start: number; end: number; stop: string } | null = null;
    for (const stop of this.#stops) {
      const start = text.indexOf(stop);
      if (start < 0) continue;
      const end = start + stop.length;
      if (!first || end < first.end || (end === first.end && start < first.start))
        first = { start, end, stop };
    }
    return first;
  }

  /** Length of the longest tail of `text` that a stop string begins with. */
  #undecided(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
