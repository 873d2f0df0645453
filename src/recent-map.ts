import type { Clock } from './clock.js';

/** How long an entry is kept at most. */
export interface EntryLife {
  readonly ms: number;
  readonly clock: Pick<Clock, 'elapsed'>;
}

/** A map of the most recently used entries: beyond `capacity` the one longest unused goes. */
export class RecentMap<Key, Value> {
  readonly #capacity: number;
  readonly #life: EntryLife | null;
  readonly #entries = new Map<Key, { readonly value: Value; readonly at: number }>();

  /** @param life counted from when an entry was set; entries of any age are kept where nothing is given. */
  constructor(capacity: number, life: EntryLife | null = null) {
    this.#capacity = capacity;
    this.#life = life;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (this.#isOld(entry.at)) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Whether there is an entry, without using it. */
  has(key: Key): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && !this.#isOld(entry.at);
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, at: this.#life?.clock.elapsed() ?? 0 });
    if (this.#entries.size <= this.#capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** The entries as they are held, the one longest unused first. */
  entries(): [Key, Value][] {
    return [...this.#entries].map(([key, { value }]) => [key, value]);
  }

  #isOld(at: number): boolean {
    return this.#life !== null && this.#life.clock.elapsed() - at >= this.#life.ms;
  }
}
