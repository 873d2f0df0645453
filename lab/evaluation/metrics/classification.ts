import { mean } from './mean.js';

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
