/** The entries used last, up to a bound, each for a limited time. */
export class Recent<Value> {
  readonly #capacity: number;
  readonly #keptMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly value: Value; readonly at: number }>();

  /** @param now a clock in ms. */
  constructor(most: number, keptMs: number, now: () => number) {
    this.#capacity = most;
    this.#keptMs = keptMs;
    this.#now = now;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (this.#now() - entry.at >= this.#keptMs) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, at: this.#now() });
    if (this.#entries.size <= this.#capacity) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
