import type { Random } from '../clock.js';

/**
 * Beliefs about a linear model `y = θ·x + noise` of unknown noise: normal-inverse-gamma, the conjugate prior
 * (e.g. Gelman et al., Bayesian Data Analysis, ch. 14): θ | σ² ~ N(mean, σ² precision⁻¹), σ² ~ InvGamma(shape, scale).
 */
export interface Beliefs {
  /** [p] */
  readonly mean: readonly number[];
  /** [p × p], in units of 1/σ². */
  readonly precision: readonly (readonly number[])[];
  readonly shape: number;
  readonly scale: number;
}

export interface WeightedRow {
  /** [p] */
  readonly x: readonly number[];
  readonly y: number;
  /** As many plain observations as this one is worth: its noise has the variance σ² / weight. */
  readonly weight: number;
}

/** Beliefs after `rows` were seen; the order of rows makes no difference but for rounding. */
export function learn(prior: Beliefs, rows: readonly WeightedRow[]): Beliefs {
  const p = prior.mean.length;
  const precision = prior.precision.map((row) => [...row]);
  const target = precision.map((row) => dot(row, prior.mean));
  let squares = dot(prior.mean, target);
  for (const { x, y, weight } of rows) {
    squares += weight * y * y;
    for (let i = 0; i < p; i += 1) {
      const scaled = weight * (x[i] ?? 0);
      target[i] = (target[i] ?? 0) + scaled * y;
      const row = precision[i] ?? [];
      for (let j = 0; j < p; j += 1) row[j] = (row[j] ?? 0) + scaled * (x[j] ?? 0);
    }
  }
  const lower = cholesky(precision);
  const mean = solveUpper(lower, solveLower(lower, target));
  return {
    mean,
    precision,
    shape: prior.shape + rows.length / 2,
    scale: prior.scale + Math.max(0, squares - dot(mean, target)) / 2,
  };
}

/** A draw of θ: what Thompson sampling acts on (Thompson 1933; Agrawal & Goyal 2013 for linear models). */
export function draw({ mean, precision, shape, scale }: Beliefs, random: Random): number[] {
  const sigma = Math.sqrt(scale / standardGamma(shape, random));
  const noise = solveUpper(
    cholesky(precision),
    mean.map(() => standardNormal(random)),
  );
  return mean.map((value, i) => value + sigma * (noise[i] ?? 0));
}

/** Standard deviations of the numbers of θ, the noise averaged over; infinite while the shape is 1 or less. */
export function deviations({ mean, precision, shape, scale }: Beliefs): number[] {
  const variance = shape > 1 ? scale / (shape - 1) : Number.POSITIVE_INFINITY;
  const lower = cholesky(precision);
  return mean.map((_, i) => {
    const unit = mean.map((_value, j) => (i === j ? 1 : 0));
    const column = solveLower(lower, unit);
    return Math.sqrt(variance * dot(column, column));
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** A small symmetric positive definite matrix or a triangular factor of one, row by row. */
export type Matrix = readonly (readonly number[])[];

/** The lower triangular L with L Lᵀ = `matrix`. @throws Error where the matrix is not positive definite. */
export function cholesky(matrix: Matrix): number[][] {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const current: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      const earlier = j < i ? (lower[j] ?? []) : current;
      let rest = row[j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (current[k] ?? 0) * (earlier[k] ?? 0);
      if (j === i && rest <= 0) throw new Error('the matrix is not positive definite');
      current.push(j === i ? Math.sqrt(rest) : rest / (earlier[j] ?? 1));
    }
    lower.push(current);
  }
  return lower;
}

/** x with L x = `right`. */
export function solveLower(lower: Matrix, right: readonly number[]): number[] {
  const x: number[] = [];
  for (const [i, row] of lower.entries()) {
    let rest = right[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (row[k] ?? 0) * (x[k] ?? 0);
    x.push(rest / (row[i] ?? 1));
  }
  return x;
}

/** x with Lᵀ x = `right`. */
export function solveUpper(lower: Matrix, right: readonly number[]): number[] {
  const n = lower.length;
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i -= 1) {
    let rest = right[i] ?? 0;
    for (let k = i + 1; k < n; k += 1) rest -= (lower[k]?.[i] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (lower[i]?.[i] ?? 1);
  }
  return x;
}

/** A draw from the standard normal distribution (Box & Muller 1958). */
export function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** A draw from the gamma distribution of a shape of at least 1 and rate 1 (Marsaglia & Tsang 2000). */
export function standardGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.next();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
