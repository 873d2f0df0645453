/**
 * How far a stream of numbered events has been dealt with: every event up to {@link done} is, although events end in any
 * order. A gateway session that is resumed from there loses nothing.
 */
export class Watermark {
  #highest: number;
  readonly #open = new Set<number>();

  /** @param from the last event of an earlier run. */
  constructor(from = 0) {
    this.#highest = from;
  }

  /** The last event before the first that is not done. */
  get done(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const sequence of this.#open) lowest = Math.min(lowest, sequence);
    return lowest === Number.POSITIVE_INFINITY ? this.#highest : Math.min(lowest - 1, this.#highest);
  }

  /** Notes that an event has come. @returns what to call once it has been dealt with; never calling it holds the mark. */
  begin(sequence: number): () => void {
    this.#highest = Math.max(this.#highest, sequence);
    this.#open.add(sequence);
    return () => {
      this.#open.delete(sequence);
    };
  }
}
