import { RecentMap } from '../recent-map.js';
import { conceptKinds, conceptsOf, possessed, widened } from './concepts.js';
import type { Asked, FactChoice, FactChooser, RankedFact } from './fact-chooser.js';
import { factWords } from './fact-words.js';
import { cosine, type Meaning } from './meaning.js';

/** What was learned of questions and the facts that answer them (`models/known-facts`). */
export interface FactWeights {
  readonly kind: string;
  /** The mean of questions, and of facts. */
  readonly questionMean: Float32Array;
  readonly factMean: Float32Array;
  /** Points to what a person asks of themselves, away from what anybody may ask. */
  readonly calls: Float32Array;
  /** From a question to where facts that answer it lie, [from × to], row by row. */
  readonly bridge: Float32Array;
  readonly weights: Readonly<Record<FactFeature, number>>;
  /** The score of "none of them". */
  readonly none: number;
  /** A fact this far above "none" bears on what was said. */
  readonly threshold: number;
}

export const factFeatures = [
  'cosine',
  'centred',
  'bridge',
  'calls',
  'unknown',
  'named',
  'namedBefore',
  'other',
  'missing',
  'words',
  'wordsBefore',
] as const;
export type FactFeature = (typeof factFeatures)[number];

/** A fact this much below the best does not come with it. */
const spread = 3.5;
const mostFitting = 4;
const mostNamed = 2;
const mostWords = 2;
const keptFacts = 8_192;

interface KnownFact {
  readonly vector: Float32Array;
  readonly centred: Float32Array;
  readonly concepts: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

/**
 * Chooses by meaning in any language of the reader: cosine, a learned bridge from questions to answers, whom and what is named, and
 * shared words weighed by how few of the facts hold them. `lab/training/known_facts` learns the weights from the same features.
 */
export class MeaningFactChooser implements FactChooser {
  readonly kind: string;
  readonly #meaning: Meaning;
  readonly #learned: FactWeights;
  readonly #known = new RecentMap<string, KnownFact>(keptFacts);

  constructor(meaning: Meaning, learned: FactWeights) {
    this.kind = learned.kind;
    this.#meaning = meaning;
    this.#learned = learned;
  }

  /** @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE */
  async choose({ text, before }: Asked, facts: readonly string[]): Promise<FactChoice> {
    if (facts.length === 0 || text.trim() === '') return { ranked: [], fitting: [] };
    const asked = before ? [text, `${before} ${text}`] : [text];
    const [known, [alone, whole = alone]] = await Promise.all([
      this.#facts(facts),
      this.#meaning.vectors(asked, 'query'),
    ]);
    if (!alone || !whole) return { ranked: [], fitting: [] };
    const scores = this.#scores(text, before ?? '', alone, whole, known);
    const ranked: RankedFact[] = scores
      .map((score, index) => ({ index, score }))
      .sort((a, b) => b.score - a.score || b.index - a.index);
    const best = ranked[0]?.score ?? 0;
    const { threshold } = this.#learned;
    const fitting =
      best < threshold ? [] : ranked.filter(({ score }) => score > best - spread).slice(0, mostFitting);
    return { ranked, fitting };
  }

  #scores(
    text: string,
    before: string,
    alone: Float32Array,
    whole: Float32Array,
    known: readonly KnownFact[],
  ): number[] {
    const { questionMean, calls, bridge, weights, none } = this.#learned;
    const question = unit(alone.map((value, at) => (value + (whole[at] ?? 0)) / 2 - (questionMean[at] ?? 0)));
    const towards = unit(through(question, bridge));
    // Both stand on the same side of one product.
    const sought = question.map(
      (value, at) => 3 * (weights.centred * value + weights.bridge * (towards[at] ?? 0)),
    );
    const words = factWords(text);
    const wordsBefore = new Set([...factWords(before)].filter((word) => !words.has(word)));
    const rarity = rarityIn(known);
    const named = conceptsOf(text);
    const wide = widened(named);
    const wideBefore = widened(conceptsOf(before));
    const told = new Set(known.flatMap(({ concepts }) => [...concepts]));
    const unknown = count(
      possessed,
      (kind) => meets(named, kind) && ![...wide].some((name) => kind.has(name) && told.has(name)),
    );
    const same = weights.calls * cosine(question, calls) + weights.unknown * unknown - none;
    return known.map(({ vector, centred, concepts, words: own }) => {
      const shares = (kind: ReadonlySet<string>): boolean =>
        [...wide].some((name) => kind.has(name) && concepts.has(name));
      const missing = conceptKinds.filter((kind) => meets(named, kind) && !shares(kind));
      return (
        weights.cosine * (10 * cosine(alone, vector) - 8) +
        cosine(sought, centred) +
        weights.named * Math.min(mostNamed, overlap(wide, concepts)) +
        weights.namedBefore * Math.min(mostNamed, overlap(wideBefore, concepts)) +
        weights.other * count(missing, (kind) => meets(concepts, kind)) +
        weights.missing * missing.length +
        weights.words * Math.min(mostWords, weighed(words, own, rarity)) +
        weights.wordsBefore * Math.min(mostWords, weighed(wordsBefore, own, rarity)) +
        same
      );
    });
  }

  async #facts(facts: readonly string[]): Promise<KnownFact[]> {
    const missing = [...new Set(facts)].filter((fact) => !this.#known.has(fact));
    const vectors = await this.#meaning.vectors(missing, 'passage');
    const fresh = new Map<string, KnownFact>();
    for (const [place, fact] of missing.entries()) {
      const vector = vectors[place] ?? new Float32Array();
      const centred = unit(vector.map((value, at) => value - (this.#learned.factMean[at] ?? 0)));
      const entry = { vector, centred, concepts: conceptsOf(fact), words: factWords(fact) };
      fresh.set(fact, entry);
    }
    const all = facts.flatMap((fact) => fresh.get(fact) ?? this.#known.get(fact) ?? []);
    for (const [fact, entry] of fresh) this.#known.set(fact, entry);
    return all;
  }
}

/** How telling each word is: 1 where one of many facts holds it, less the more do. */
function rarityIn(known: readonly KnownFact[]): ReadonlyMap<string, number> {
  const frequency = new Map<string, number>();
  for (const { words } of known)
    for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const most = Math.log(1 + (known.length + 0.5) / 1.5);
  return new Map(
    [...frequency].map(([word, n]) => [word, Math.log(1 + (known.length - n + 0.5) / (n + 0.5)) / most]),
  );
}

function weighed(
  asked: ReadonlySet<string>,
  own: ReadonlySet<string>,
  rarity: ReadonlyMap<string, number>,
): number {
  let sum = 0;
  for (const word of asked) if (own.has(word)) sum += rarity.get(word) ?? 0;
  return sum;
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const name of a) if (b.has(name)) shared += 1;
  return shared;
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return overlap(a, b) > 0;
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}

function through(vector: Float32Array, matrix: Float32Array): Float32Array {
  const width = vector.length;
  const sum = new Float32Array(width);
  for (let from = 0; from < width; from += 1) {
    const value = vector[from] ?? 0;
    for (let to = 0; to < width; to += 1) sum[to] = (sum[to] ?? 0) + value * (matrix[from * width + to] ?? 0);
  }
  return sum;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
