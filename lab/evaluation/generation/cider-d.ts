import { countNgrams } from './ngrams.js';

const orders = 4;
const sigma = 6;

/** In how many rows' references each run of words occurs, and how many rows there are. */
export interface DocumentFrequencies {
  readonly rows: number;
  readonly of: ReadonlyMap<string, number>;
}

/** Of the references of all rows, each row's as one document. */
export function documentFrequencies(rows: Iterable<readonly (readonly string[])[]>): DocumentFrequencies {
  const of = new Map<string, number>();
  let count = 0;
  for (const references of rows) {
    count += 1;
    const runs = new Set(
      references.flatMap((words) => countNgrams(words, orders).flatMap((counts) => [...counts.keys()])),
    );
    for (const run of runs) of.set(run, (of.get(run) ?? 0) + 1);
  }
  return { rows: count, of };
}

interface Vector {
  /** By length of the run: tf × idf. */
  readonly weights: readonly ReadonlyMap<string, number>[];
  readonly norms: readonly number[];
  /** Runs of two words: coco-caption takes their number for the length. */
  readonly length: number;
}

/**
 * CIDEr-D of one text (Vedantam et al. 2015) as coco-caption's `Cider`: the mean over runs of 1 to 4 words and over the references of
 * the clipped cosine of tf-idf vectors, weighted by e^(−Δ²/72) of the lengths' difference; times 10, so in [0, 10]. The corpus's value
 * is the mean. One row alone gives 0, for then nothing is rare.
 */
export function ciderD(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
  frequencies: DocumentFrequencies,
): number {
  const said = vectorOf(hypothesis, frequencies);
  let total = 0;
  for (const reference of references) total += likeness(said, vectorOf(reference, frequencies));
  return (10 * total) / (orders * references.length);
}

function vectorOf(words: readonly string[], { rows, of }: DocumentFrequencies): Vector {
  const all = Math.log(rows);
  const weights = countNgrams(words, orders).map(
    (counts) =>
      new Map(
        [...counts].map(([run, count]) => [run, count * (all - Math.log(Math.max(1, of.get(run) ?? 0)))]),
      ),
  );
  const norms = weights.map((one) =>
    Math.sqrt([...one.values()].reduce((sum, value) => sum + value ** 2, 0)),
  );
  return { weights, norms, length: Math.max(0, words.length - 1) };
}

function likeness(said: Vector, wanted: Vector): number {
  const penalty = Math.exp(-((said.length - wanted.length) ** 2) / (2 * sigma ** 2));
  let total = 0;
  for (const [order, weights] of said.weights.entries()) {
    const other = wanted.weights[order] as ReadonlyMap<string, number>;
    let dot = 0;
    for (const [run, weight] of weights) {
      const known = other.get(run) ?? 0;
      dot += Math.min(weight, known) * known;
    }
    const norms = (said.norms[order] ?? 0) * (wanted.norms[order] ?? 0);
    total += (norms === 0 ? dot : dot / norms) * penalty;
  }
  return total;
}
