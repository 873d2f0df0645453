import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Beliefs,
  cholesky,
  deviations,
  draw,
  learn,
  solveLower,
  solveUpper,
  standardGamma,
  standardNormal,
  type WeightedRow,
} from '../../src/matching/bayesian-regression.js';
import { seededRandom } from './seeded-random.js';

const prior: Beliefs = {
  mean: [0, 0.5],
  precision: [
    [0.01, 0],
    [0, 4],
  ],
  shape: 3,
  scale: 0.3,
};
const number = fc.double({ min: -3, max: 3, noNaN: true });
const row = fc.record({
  x: fc.tuple(number, number),
  y: number,
  weight: fc.double({ min: 0.1, max: 3, noNaN: true }),
});
const close = (a: readonly number[], b: readonly number[]): void => {
  for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i] ?? Number.NaN, 6);
};

describe('cholesky', () => {
  it('solves systems of positive definite matrices', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number, number), { minLength: 3, maxLength: 9 }), (rows) => {
        const matrix = [0, 1, 2].map((i) =>
          [0, 1, 2].map((j) => rows.reduce((sum, x) => sum + (x[i] ?? 0) * (x[j] ?? 0), i === j ? 1 : 0)),
        );
        const lower = cholesky(matrix);
        const x = solveUpper(lower, solveLower(lower, [1, -2, 3]));
        close(
          matrix.map((line) => line.reduce((sum, value, j) => sum + value * (x[j] ?? 0), 0)),
          [1, -2, 3],
        );
      }),
    );
  });

  it('refuses what is not positive definite', () => {
    expect(() =>
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toThrow('positive definite');
  });
});

describe('learn', () => {
  it('gives the prior back where nothing was seen', () => {
    const learned = learn(prior, []);
    close(learned.mean, prior.mean);
    expect(learned.shape).toBe(prior.shape);
    expect(learned.scale).toBeCloseTo(prior.scale, 10);
  });

  it('comes to the same whether rows are seen at once, in parts or in another order', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(12), (rows, cut) => {
        const whole = learn(prior, rows);
        const parts = learn(learn(prior, rows.slice(cut)), rows.slice(0, cut));
        close(whole.mean, parts.mean);
        expect(parts.shape).toBeCloseTo(whole.shape, 6);
        expect(parts.scale).toBeCloseTo(whole.scale, 6);
      }),
    );
  });

  it('counts a row of weight 2 like the same row twice in the mean', () => {
    fc.assert(
      fc.property(row, (one) => {
        const twice = learn(prior, [
          { ...one, weight: one.weight },
          { ...one, weight: one.weight },
        ]);
        close(learn(prior, [{ ...one, weight: 2 * one.weight }]).mean, twice.mean);
      }),
    );
  });

  it('finds the line behind noisy points, and is surer the more it sees', () => {
    const random = seededRandom(1);
    const rows = Array.from({ length: 2_000 }, (): WeightedRow => {
      const x = random.next();
      return { x: [1, x], y: 0.2 - 0.7 * x + 0.3 * standardNormal(random), weight: 1 };
    });
    const [few, many] = [learn(prior, rows.slice(0, 50)), learn(prior, rows)];
    expect(Math.abs((many.mean[0] ?? 0) - 0.2)).toBeLessThan(0.08);
    expect(Math.abs((many.mean[1] ?? 0) + 0.7)).toBeLessThan(0.08);
    expect(many.scale / many.shape).toBeCloseTo(0.09, 2);
    for (const [i, value] of deviations(many).entries())
      expect(value).toBeLessThan((deviations(few)[i] ?? 0) / 3);
  });
});

describe('draw', () => {
  it('scatters around the mean as wide as the deviations say', () => {
    const random = seededRandom(7);
    const beliefs = learn(prior, [
      { x: [1, 0.2], y: 0.4, weight: 1 },
      { x: [1, 0.9], y: 0.9, weight: 2 },
      { x: [1, 0.5], y: 0.3, weight: 1 },
    ]);
    const draws = Array.from({ length: 20_000 }, () => draw(beliefs, random));
    for (const [i, deviation] of deviations(beliefs).entries()) {
      const values = draws.map((one) => one[i] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean - (beliefs.mean[i] ?? 0))).toBeLessThan(deviation * 0.04);
      expect(Math.sqrt(variance) / deviation).toBeGreaterThan(0.93);
      expect(Math.sqrt(variance) / deviation).toBeLessThan(1.07);
    }
  });

  it('is the same for the same randomness', () => {
    expect(draw(prior, seededRandom(3))).toEqual(draw(prior, seededRandom(3)));
    expect(draw(prior, seededRandom(3))).not.toEqual(draw(prior, seededRandom(4)));
  });
});

describe('random numbers', () => {
  it('have the moments of their distributions', () => {
    const random = seededRandom(11);
    const n = 40_000;
    const moments = (values: readonly number[]): readonly [mean: number, variance: number] => {
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n];
    };
    const [normalMean, normalVariance] = moments(Array.from({ length: n }, () => standardNormal(random)));
    expect(Math.abs(normalMean)).toBeLessThan(0.02);
    expect(normalVariance).toBeCloseTo(1, 1);
    for (const shape of [1, 3, 17.5]) {
      const [mean, variance] = moments(Array.from({ length: n }, () => standardGamma(shape, random)));
      expect(mean / shape).toBeCloseTo(1, 1);
      expect(variance / shape).toBeGreaterThan(0.94);
      expect(variance / shape).toBeLessThan(1.06);
    }
  });
});
