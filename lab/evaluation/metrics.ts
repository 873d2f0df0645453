import { contentWords } from '../../src/text/content-words.js';

/** Counts by [true class][predicted class]. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** One classified case. */
export interface Classified {
  readonly expected: string;
  readonly predicted: string;
}

/** @param labels the classes, in the order of rows and columns; cases with other labels are not counted. */
export function confusionMatrix(cases: readonly Classified[], labels: readonly string[]): ConfusionMatrix {
  const matrix = labels.map(() => labels.map(() => 0));
  for (const { expected, predicted } of cases) {
    const row = matrix[labels.indexOf(expected)];
    const column = labels.indexOf(predicted);
    if (row && column >= 0) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

/** Share of cases on the diagonal. */
export function accuracy(matrix: ConfusionMatrix): number {
  const total = sum(matrix.map(sum));
  return total === 0 ? 0 : sum(matrix.map((row, index) => row[index] ?? 0)) / total;
}

interface ClassScore {
  readonly f1: number;
  /** Cases of that class. */
  readonly support: number;
}

/** Mean F1 over the classes that occur, expected or predicted; a class never hit counts 0. */
export function macroF1(matrix: ConfusionMatrix): number {
  return mean(classScores(matrix).map(({ f1 }) => f1));
}

/** Mean F1 weighted by the number of cases of each class. */
export function weightedF1(matrix: ConfusionMatrix): number {
  const scores = classScores(matrix);
  const total = sum(scores.map(({ support }) => support));
  return total === 0 ? 0 : sum(scores.map(({ f1, support }) => f1 * support)) / total;
}

function classScores(matrix: ConfusionMatrix): ClassScore[] {
  return matrix.flatMap((row, index) => {
    const support = sum(row);
    const predicted = sum(matrix.map((other) => other[index] ?? 0));
    return support + predicted === 0
      ? []
      : [{ support, f1: (2 * (row[index] ?? 0)) / (support + predicted) }];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * F1 of a reply's content words against those of a text about the persona (as knowledge F1: Dinan et al. 2019), in [0, 1];
 * 0 where they share none.
 */
export function personaF1(reply: string, persona: string): number {
  const said = new Set(contentWords(reply));
  const known = new Set(contentWords(persona));
  const shared = [...said].filter((word) => known.has(word)).length;
  return shared === 0 ? 0 : (2 * shared) / (said.size + known.size);
}

/** The words of a text: lower case, split at white space, as distinct-n is counted in lab/training. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Distinct n-grams over all n-grams of all texts together (distinct-n, Li et al. 2016), in [0, 1]; 0 without any. */
export function distinct(texts: readonly (readonly string[])[], n: number): number {
  const all = texts.flatMap((words) => ngrams(words, n));
  return all.length === 0 ? 0 : new Set(all).size / all.length;
}

/** Whether a run of `n` words occurs twice in one text. */
export function repeatsItself(words: readonly string[], n = 4): boolean {
  const all = ngrams(words, n);
  return new Set(all).size < all.length;
}

/** Share of texts in which a run of `n` words occurs twice, in [0, 1]. */
export function loopRate(texts: readonly (readonly string[])[], n = 4): number {
  return texts.length === 0 ? 0 : texts.filter((words) => repeatsItself(words, n)).length / texts.length;
}

function ngrams(words: readonly string[], n: number): string[] {
  return Array.from({ length: Math.max(0, words.length - n + 1) }, (_, start) =>
    words.slice(start, start + n).join(' '),
  );
}

/** A prediction with how sure the classifier was. */
export interface Confident {
  /** In [0, 1]. */
  readonly confidence: number;
  readonly right: boolean;
}

/**
 * Expected calibration error (Naeini et al. 2015): the mean gap between confidence and accuracy over bins of equal width,
 * weighted by their sizes; in [0, 1], 0 where every confidence is earned.
 */
export function expectedCalibrationError(predictions: readonly Confident[], bins = 15): number {
  const byBin = new Map<number, Confident[]>();
  for (const prediction of predictions) {
    const bin = Math.min(bins - 1, Math.floor(prediction.confidence * bins));
    const found = byBin.get(bin);
    if (found) found.push(prediction);
    else byBin.set(bin, [prediction]);
  }
  let error = 0;
  for (const inside of byBin.values()) {
    const accuracy = mean(inside.map(({ right }) => (right ? 1 : 0)));
    const confidence = mean(inside.map((one) => one.confidence));
    error += (Math.abs(accuracy - confidence) * inside.length) / predictions.length;
  }
  return error;
}

/** Relevance of the ranked items, best rank first. */
export type RankedRelevance = readonly boolean[];

/** 1 where the first item is relevant, else 0. */
export function topOne(ranking: RankedRelevance): number {
  return ranking[0] ? 1 : 0;
}

/** 1 / rank of the first relevant item; 0 where there is none. */
export function reciprocalRank(ranking: RankedRelevance): number {
  const index = ranking.indexOf(true);
  return index < 0 ? 0 : 1 / (index + 1);
}

/**
 * Normalised discounted cumulative gain of the first `k` items with binary relevance (Järvelin & Kekäläinen 2002,
 * discount 1 / log2(rank + 1)); 0 where nothing is relevant.
 */
export function ndcgAt(ranking: RankedRelevance, k: number): number {
  const ideal = gain(
    [...ranking].sort((a, b) => Number(b) - Number(a)),
    k,
  );
  return ideal > 0 ? gain(ranking, k) / ideal : 0;
}

function gain(ranking: RankedRelevance, k: number): number {
  return ranking
    .slice(0, k)
    .reduce((sum, relevant, index) => sum + (relevant ? 1 / Math.log2(index + 2) : 0), 0);
}

export interface ScoredRelevance {
  readonly score: number;
  readonly relevant: boolean;
}

/** Relevance in the given order, but among neighbours of equal score the relevant come last: a tie earns nothing. */
export function tiesLast(items: readonly ScoredRelevance[]): boolean[] {
  const ordered: boolean[] = [];
  let start = 0;
  while (start < items.length) {
    const score = items[start]?.score;
    let end = start + 1;
    while (end < items.length && items[end]?.score === score) end += 1;
    const tied = items.slice(start, end).map(({ relevant }) => relevant);
    ordered.push(...tied.sort((a, b) => Number(a) - Number(b)));
    start = end;
  }
  return ordered;
}

/** Mean squared error of predictions against what was observed, pair by pair. */
export function meanSquaredError(predicted: readonly number[], observed: readonly number[]): number {
  return mean(observed.map((value, index) => ((predicted[index] ?? 0) - value) ** 2));
}

/** Mean squared error of always answering the mean of the observed values: what a scorer has to be below. */
export function constantSquaredError(observed: readonly number[]): number {
  const constant = mean(observed);
  return mean(observed.map((value) => (value - constant) ** 2));
}

/**
 * Spearman's rank correlation in [-1, 1]: Pearson's of the ranks, equal values sharing their mean rank; null where one
 * side does not vary.
 */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  const left = ranks(a);
  const right = ranks(b);
  const middle = (a.length + 1) / 2;
  let covariance = 0;
  let spreadLeft = 0;
  let spreadRight = 0;
  for (const [index, rank] of left.entries()) {
    const x = rank - middle;
    const y = (right[index] ?? middle) - middle;
    covariance += x * y;
    spreadLeft += x * x;
    spreadRight += y * y;
  }
  return spreadLeft > 0 && spreadRight > 0 ? covariance / Math.sqrt(spreadLeft * spreadRight) : null;
}

/** Ranks from 1, equal values sharing their mean rank. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.entries()].sort(([, a], [, b]) => a - b);
  const result = new Array<number>(values.length).fill(0);
  let start = 0;
  while (start < order.length) {
    let end = start + 1;
    while (end < order.length && order[end]?.[1] === order[start]?.[1]) end += 1;
    for (const [index] of order.slice(start, end)) result[index] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

const maxRounds = 10_000;
const settled = 1e-10;

/**
 * How unevenly a model prefers strategies, whatever the case asks for (preference bias, Kang et al. 2024, arXiv
 * 2402.13211): every mistake is a contest that the predicted class wins against the expected one; the preferences p are
 * the strengths of a Bradley-Terry model, found by Newman's (2023) iteration from p = 1,
 *
 *     p_i ← Σ_j w_ij p_j / (p_i + p_j)  /  Σ_j w_ji / (p_i + p_j),   w_ij = cases of class j answered with i,
 *
 * scaled to a mean of 1; the bias is their standard deviation, from 0 (even) to √(classes − 1) (one class takes all: it
 * wins contests and loses none, so its strength is the limit). The iteration runs until it settles. Right answers (i = j)
 * cancel out of the fixed point and are left out; a class without any mistake keeps 1. Null where several classes win
 * and never lose, for then nothing compares them.
 */
export function preferenceBias(matrix: ConfusionMatrix): number | null {
  if (matrix.length === 0) return null;
  const wins = (i: number, j: number): number => (i === j ? 0 : (matrix[j]?.[i] ?? 0));
  const all = [...matrix.keys()];
  const total = (count: (other: number) => number): number => all.reduce((sum, j) => sum + count(j), 0);
  const lost = all.map((i) => total((j) => wins(j, i)));
  const contested = all.filter((i) => total((j) => wins(i, j)) + (lost[i] ?? 0) > 0);
  const undefeated = contested.filter((i) => lost[i] === 0);
  if (undefeated.length > 1) return null;
  const [champion] = undefeated;
  const strengths =
    champion === undefined
      ? bradleyTerry(contested, wins)
      : contested.map((i) => (i === champion ? contested.length : 0));
  const squares = strengths.reduce((sum, strength) => sum + (strength - 1) ** 2, 0);
  return Math.sqrt(squares / matrix.length);
}

/** Strengths of the items with a mean of 1; each has lost at least once. */
function bradleyTerry(items: readonly number[], wins: (i: number, j: number) => number): number[] {
  const strengths = items.map(() => 1);
  for (let round = 0; round < maxRounds; round += 1) {
    const before = [...strengths];
    for (const [place, item] of items.entries()) {
      let above = 0;
      let below = 0;
      for (const [otherPlace, other] of items.entries()) {
        const strength = strengths[otherPlace] ?? 0;
        const both = (strengths[place] ?? 0) + strength;
        if (both === 0) continue;
        above += (wins(item, other) * strength) / both;
        below += wins(other, item) / both;
      }
      strengths[place] = below > 0 ? above / below : 0;
    }
    const scale = mean(strengths);
    if (scale > 0) for (const place of strengths.keys()) strengths[place] = (strengths[place] ?? 0) / scale;
    if (strengths.every((strength, place) => Math.abs(strength - (before[place] ?? 0)) < settled)) break;
  }
  return strengths;
}
