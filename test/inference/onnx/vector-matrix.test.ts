import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestCosine,
  cosine,
  meanVector,
  quantise,
  rowCosine,
} from '../../../inference/onnx/vector-matrix.js';

const dimensions = 64;
const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimensions, maxLength: dimensions })
  .filter((values) => Math.hypot(...values) > 0.01)
  .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));

describe('int8 vectors', () => {
  it('keep every cosine to within 0.01', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 4 }), vector, (rows, query) => {
        const matrix = quantise(rows, dimensions);
        for (const [row, exact] of rows.entries())
          expect(Math.abs(rowCosine(matrix, row, query) - cosine(exact, query))).toBeLessThan(0.01);
      }),
    );
  });

  it('find the best of a range, 0 in an empty one', () => {
    const rows = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const matrix = quantise(rows, 2);
    expect(bestCosine(matrix, 0, 2, Float32Array.of(0, 1))).toBeCloseTo(1);
    expect(bestCosine(matrix, 0, 1, Float32Array.of(0, 1))).toBeCloseTo(0);
    expect(bestCosine(matrix, 1, 1, Float32Array.of(0, 1))).toBe(0);
  });

  it('take a vector of zeros', () => {
    expect(rowCosine(quantise([new Float32Array(2)], 2), 0, Float32Array.of(1, 0))).toBe(0);
  });
});

it('a mean has length 1', () => {
  const mean = meanVector([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
  expect(mean && cosine(mean, mean)).toBeCloseTo(1);
  expect(meanVector([])).toBeNull();
});
