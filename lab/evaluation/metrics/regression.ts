import { mean } from './mean.js';

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
