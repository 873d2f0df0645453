import { closestLength, countNgrams, highestCounts, sharedCount } from './ngrams.js';

const orders = 4;
/** Keep a text that shares no run from being exactly 0 (as coco-caption and nlg-eval have it). */
const tiny = 1e-15;
const small = 1e-9;

/** What BLEU needs to know of one text; sums over texts are the corpus's. */
export interface BleuCounts {
  readonly length: number;
  /** Of the reference nearest in length. */
  readonly referenceLength: number;
  /** Runs of 1 to 4 words that a reference has too, each as often as there. */
  readonly matched: readonly number[];
}

/** @param references at least one. */
export function bleuCounts(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
): BleuCounts {
  const known = references.map((words) => countNgrams(words, orders));
  return {
    length: hypothesis.length,
    referenceLength: closestLength(
      references.map(({ length }) => length),
      hypothesis.length,
    ),
    matched: countNgrams(hypothesis, orders).map((counts, index) =>
      sharedCount(counts, highestCounts(known.map((one) => one[index] as Map<string, number>))),
    ),
  };
}

/** The corpus's sums. */
export interface BleuSums extends BleuCounts {
  /** Runs of 1 to 4 words in the hypotheses. */
  readonly runs: readonly number[];
}

/** How many runs of 1 to 4 words a text of that length has. */
export function runsIn(length: number): number[] {
  return Array.from({ length: orders }, (_, index) => Math.max(0, length - index));
}

/**
 * BLEU-1 to BLEU-4 in [0, 1] (Papineni et al. 2002) as coco-caption's `Bleu(4)` with the closest reference length: the geometric mean
 * of the clipped precisions of 1 … k words, times e^(1 − r/c) where the hypotheses are shorter; not smoothed.
 */
export function bleuOf({ length, referenceLength, matched, runs }: BleuSums): number[] {
  const ratio = (length + tiny) / (referenceLength + small);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return matched.map((count, index) => {
    product *= (count + tiny) / ((runs[index] ?? 0) + small);
    return product ** (1 / (index + 1)) * brevity;
  });
}
