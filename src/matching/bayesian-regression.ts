import type { Random } from '../clock.js';
import { cholesky, solveLower, solveUpper } from './cholesky.js';
import { standardGamma, standardNormal } from './random-numbers.js';

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
