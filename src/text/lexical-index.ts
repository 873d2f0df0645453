import { contentWords } from './content-words.js';

/** BM25 over a small set of texts (Robertson & Zaragoza; k1 = 1.2, b = 0.75). Built once, queried often. */
export class LexicalIndex {
  readonly #documents: ReadonlyMap<string, number>[];
  readonly #lengths: number[];
  readonly #averageLength: number;
  readonly #frequency = new Map<string, number>();
  readonly #inverseFrequency = new Map<string, number>();

  /** @param texts as they are, or as their words. */
  constructor(texts: readonly (string | readonly string[])[]) {
    const words = texts.map((text) => (typeof text === 'string' ? contentWords(text) : text));
    this.#documents = words.map(count);
    this.#lengths = words.map((list) => list.length);
    this.#averageLength = this.#lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length);
    for (const document of this.#documents)
      for (const word of document.keys()) this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1);
    for (const [word, n] of this.#frequency)
      this.#inverseFrequency.set(word, Math.log(1 + (texts.length - n + 0.5) / (n + 0.5)));
  }

  /** One score a text, in the order they were given; 0 where no content word is shared. */
  scores(query: string | readonly string[]): number[] {
    const words = [...new Set(typeof query === 'string' ? contentWords(query) : query)];
    return this.#documents.map((document, index) =>
      words.reduce((sum, word) => sum + this.#weight(document, index, word), 0),
    );
  }

  /** In how many texts a word stands. */
  frequency(word: string): number {
    return this.#frequency.get(word) ?? 0;
  }

  /** The shared words of a query and one text, most telling first. */
  shared(query: string, index: number): string[] {
    const document = this.#documents[index];
    if (!document) return [];
    return [...new Set(contentWords(query))]
      .filter((word) => document.has(word))
      .sort((a, b) => this.#weight(document, index, b) - this.#weight(document, index, a));
  }

  #weight(document: ReadonlyMap<string, number>, index: number, word: string): number {
    const frequency = document.get(word) ?? 0;
    if (frequency === 0) return 0;
    const length = (this.#lengths[index] ?? 0) / Math.max(1, this.#averageLength);
    return (
      ((this.#inverseFrequency.get(word) ?? 0) * frequency * 2.2) / (frequency + 1.2 * (0.25 + 0.75 * length))
    );
  }
}

function count(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
