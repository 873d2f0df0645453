/** Passes text on until a stop string begins, holding back only what may still become one. */
export class StopScanner {
  readonly #stops: readonly string[];
  #held = '';
  #stopped: string | null = null;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** The stop string that was met, or null. */
  get stopped(): string | null {
    return this.#stopped;
  }

  /** The text that may be shown now. */
  push(text: string): string {
    if (this.#stopped !== null) return '';
    this.#held += text;
    const met = this.#stops
      .map((stop) => ({ stop, at: this.#held.indexOf(stop) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
    if (met) {
      this.#stopped = met.stop;
      return this.#release(met.at, '');
    }
    const safe = this.#held.length - this.#unsure();
    return this.#release(safe, this.#held.slice(safe));
  }

  /** What was held back when the text ended without a stop. */
  finish(): string {
    return this.#stopped === null ? this.#release(this.#held.length, '') : '';
  }

  #release(end: number, rest: string): string {
    const text = this.#held.slice(0, end);
    this.#held = rest;
    return text;
  }

  /** Length of the longest end of the held text with which a stop string begins. */
  #unsure(): number {
    let longest = 0;
    for (const stop of this.#stops)
      for (let length = Math.min(stop.length - 1, this.#held.length); length > longest; length -= 1)
        if (this.#held.endsWith(stop.slice(0, length))) {
          longest = length;
          break;
        }
    return longest;
  }
}
