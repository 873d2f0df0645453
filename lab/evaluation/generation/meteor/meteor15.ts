import { align } from './align.js';
import { functionWords } from './english.js';
import type { WordMatcher } from './matches.js';
import { meteorWords } from './normalise.js';

const alpha = 0.85;
const beta = 0.2;
const gamma = 0.6;
/** Weight of a content word; a function word has the rest. */
const delta = 0.75;
/** Exact, stem, synonym. */
const moduleWeights = [1, 0.6, 0.8];

/** What METEOR needs to know of one text; sums over texts are the corpus's. */
export interface MeteorCounts {
  /** Words of the hypothesis and the reference. */
  readonly words: readonly [said: number, wanted: number];
  /** Words weighted by kind. */
  readonly weighted: readonly [said: number, wanted: number];
  /** Matched words weighted by kind and module. */
  readonly matched: readonly [said: number, wanted: number];
  /** Matched pairs. */
  readonly pairs: number;
  readonly chunks: number;
}

/**
 * METEOR 1.5 (Denkowski & Lavie 2014) for English with exact, stem and synonym matches, `-norm`, without the paraphrase table; counts
 * against the reference with the best score.
 * @param references at least one.
 */
export function meteorCounts(
  hypothesis: string,
  references: readonly string[],
  matcher: WordMatcher,
): MeteorCounts {
  const said = meteorWords(hypothesis);
  const [first, ...others] = references.map((reference) => countsOf(said, meteorWords(reference), matcher));
  return others.reduce(
    (best, counts) => (meteorOf(counts) > meteorOf(best) ? counts : best),
    first as MeteorCounts,
  );
}

/** The score of one text's counts, or of sums, in [0, 1]. */
export function meteorOf({ words, weighted, matched, pairs, chunks }: MeteorCounts): number {
  const precision = matched[0] / weighted[0];
  const recall = matched[1] / weighted[1];
  const mean = 1 / ((1 - alpha) / precision + alpha / recall);
  const whole = pairs === words[0] && pairs === words[1] && chunks === 1;
  const score = mean * (1 - gamma * (whole ? 0 : chunks / pairs) ** beta);
  return Number.isNaN(score) ? 0 : Math.max(0, score);
}

/**
 * Sums of texts' counts, all chunks among them, as METEOR's `EVAL` of summed statistics has it. (Its file mode leaves out the one chunk of
 * a text that equals its reference, which gives a little more.)
 */
export function addMeteor(all: Iterable<MeteorCounts>): MeteorCounts {
  const sums = { words: [0, 0], weighted: [0, 0], matched: [0, 0] };
  let pairs = 0;
  let chunks = 0;
  for (const counts of all) {
    for (const key of ['words', 'weighted', 'matched'] as const)
      for (const side of [0, 1] as const) sums[key][side] = (sums[key][side] ?? 0) + counts[key][side];
    pairs += counts.pairs;
    chunks += counts.chunks;
  }
  const pair = ([said = 0, wanted = 0]: readonly number[]): [number, number] => [said, wanted];
  return {
    words: pair(sums.words),
    weighted: pair(sums.weighted),
    matched: pair(sums.matched),
    pairs,
    chunks,
  };
}

function countsOf(said: readonly string[], wanted: readonly string[], matcher: WordMatcher): MeteorCounts {
  const { matches, chunks } = align(matcher.matches(said, wanted), said.length);
  const matched: [number, number] = [0, 0];
  for (const match of matches) {
    const weight = moduleWeights[match.module] ?? 0;
    matched[0] += weight * kindWeight(said[match.said]);
    matched[1] += weight * kindWeight(wanted[match.wanted]);
  }
  return {
    words: [said.length, wanted.length],
    weighted: [sumOfKinds(said), sumOfKinds(wanted)],
    matched,
    pairs: matches.length,
    chunks,
  };
}

function kindWeight(word = ''): number {
  return functionWords.has(word) ? 1 - delta : delta;
}

function sumOfKinds(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + kindWeight(word), 0);
}
