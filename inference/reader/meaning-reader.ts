import type { Meaning, MeaningSide } from '../../src/memory/meaning.js';
import { RecentMap } from '../../src/recent-map.js';
import type { Reader } from './reader.js';

/** Vectors kept, each 1.5 kB: 12 MB. */
const defaultCapacity = 8_192;
/** Texts of one request; a message that is read for danger waits for at most one. */
const batchSize = 8;

/** Sentence vectors in many languages: the reader's head `meaning` (`models/meaning`), with a cache of recent texts. */
export class MeaningReader implements Meaning {
  readonly #reader: Reader;
  readonly #head: string;
  readonly #recent: RecentMap<string, Promise<Float32Array>>;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(reader: Reader, { head = 'meaning', capacity = defaultCapacity } = {}) {
    this.#reader = reader;
    this.#head = head;
    this.#recent = new RecentMap(capacity);
  }

  /** @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE */
  async vectors(texts: readonly string[], side: MeaningSide): Promise<readonly Float32Array[]> {
    const key = (text: string): string => `${side}\u0000${text}`;
    const found = new Map<string, Promise<Float32Array>>();
    const missing: string[] = [];
    for (const text of new Set(texts)) {
      const known = this.#recent.get(key(text));
      if (known) found.set(text, known);
      else missing.push(text);
    }
    // Texts of about one length are padded least.
    missing.sort((a, b) => a.length - b.length);
    for (let start = 0; start < missing.length; start += batchSize) {
      const part = missing.slice(start, start + batchSize);
      const answer = this.#next(part, side);
      for (const [place, text] of part.entries()) {
        const vector = answer.then((all) => all[place] ?? new Float32Array());
        found.set(text, vector);
        this.#recent.set(key(text), vector);
        vector.catch(() => this.#recent.delete(key(text)));
      }
    }
    return Promise.all(texts.map((text) => found.get(text) ?? new Float32Array()));
  }

  /** One batch after the other, so that what is asked meanwhile comes between two of them. */
  #next(texts: readonly string[], side: MeaningSide): Promise<readonly Float32Array[]> {
    const answer = this.#tail.then(() => this.#reader.vectors(this.#head, side, texts));
    this.#tail = answer.catch(() => undefined);
    return answer;
  }
}
