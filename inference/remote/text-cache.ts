/** A small least-recently-used cache from text to a number. */
export class TextCache {
  readonly #capacity: number;
  readonly #values = new Map<string, number>();

  /** @param capacity entries kept */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(text: string): number | undefined {
    const value = this.#values.get(text);
    if (value === undefined) return undefined;
    this.#values.delete(text);
    this.#values.set(text, value);
    return value;
  }

  set(text: string, value: number): void {
    this.#values.delete(text);
    this.#values.set(text, value);
    const oldest = this.#values.keys().next();
    if (this.#values.size > this.#capacity && !oldest.done) this.#values.delete(oldest.value);
  }
}
