import type { Interval, PairedTest } from './generation/resampling.js';

/** What an evaluation found. */
export interface Evaluation {
  /** How many cases were judged. */
  readonly n: number;
  /** By the names of the command line's contract; null where a figure is not defined on these cases. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** What a reader must know to read the figures: what was judged, what was left out. */
  readonly notes: readonly string[];
  /** What was predicted, a row a case, in the order of the file. */
  readonly predictions: readonly Prediction[];
  /** 95 % confidence intervals of the metrics, where they were asked for. */
  readonly intervals?: Readonly<Record<string, Interval>>;
  /** How the metrics differ from those of other answers to the same cases, where such were given. */
  readonly paired?: Readonly<Record<string, PairedTest>>;
  /** Figures of each case, where they were asked for. */
  readonly rows?: readonly CaseFigures[];
}

/** One case: its id, or null where it has none, and its figures by name. */
export interface CaseFigures extends Readonly<Record<string, unknown>> {
  readonly id: string | number | null;
}

/** One case: the line of the file it stands in, what was expected and what was predicted. Texts of the file are not repeated. */
export interface Prediction extends Readonly<Record<string, unknown>> {
  /** From 1. */
  readonly line: number;
}

/** How much is judged. */
export interface EvaluationScope {
  readonly file: string;
  /** Judge at most so many cases, spread evenly over the file. */
  readonly limit?: number | undefined;
  /** Of dialogues only those whose `split` is this. */
  readonly split?: string | undefined;
  /** Called before the first case and after each. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** At most `limit` items, spread evenly, in their order. */
export function spread<T>(items: readonly T[], limit = items.length): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, index) => items[Math.floor((index * items.length) / limit)] as T);
}

/** Judges the items in order, reporting progress. */
export async function judgeEach<T, R>(
  items: readonly T[],
  scope: EvaluationScope,
  judge: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  scope.onProgress?.(0, items.length);
  for (const [index, item] of items.entries()) {
    results.push(await judge(item, index));
    scope.onProgress?.(index + 1, items.length);
  }
  return results;
}
