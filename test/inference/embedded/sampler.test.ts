import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDecoding } from '../../../inference/embedded/decoding.js';
import { drawToken, repeating, seededRandom } from '../../../inference/embedded/sampler.js';

const greedy = { ...plainDecoding, temperature: 0, repetitionPenalty: 1 };
const logits = (...values: number[]): Float32Array => Float32Array.from(values);
const half = (): number => 0.5;

describe('drawToken', () => {
  it('takes the likeliest token at temperature 0 and gives its log-probability', () => {
    const { token, logProbability } = drawToken(logits(0, 2, 1), [], [], greedy, half);
    expect(token).toBe(1);
    expect(logProbability).toBeCloseTo(2 - Math.log(Math.exp(0) + Math.exp(2) + Math.exp(1)));
  });

  it('never draws a banned token', () => {
    expect(drawToken(logits(0, 2, 1), [], [1], greedy, half).token).toBe(2);
  });

  it('discourages what the reply already has, on both sides of zero', () => {
    const decoding = { ...greedy, repetitionPenalty: 4 };
    expect(drawToken(logits(0, 2, 1), [1], [], decoding, half).token).toBe(2);
    expect(drawToken(logits(-1, -3), [0], [], decoding, half).token).toBe(1);
  });

  it('reports the log-probability from before the penalty', () => {
    const decoding = { ...greedy, repetitionPenalty: 1.1 };
    const { token, logProbability } = drawToken(logits(0, 5), [1], [], decoding, half);
    expect([token, logProbability]).toEqual([1, expect.closeTo(-Math.log(1 + Math.exp(-5)), 4)]);
  });

  it('keeps to the k likeliest, and to the nucleus', () => {
    const values = (): Float32Array => logits(3, 2.9, 1, 0.5, 0, -1, -2, -3, -4, -5, -6, -7);
    for (const at of [0, 0.3, 0.6, 0.999]) {
      expect(
        drawToken(values(), [], [], { ...plainDecoding, topK: 2, topP: 1 }, () => at).token,
      ).toBeLessThan(2);
      expect(drawToken(values(), [], [], { ...plainDecoding, topK: 0, topP: 0.1 }, () => at).token).toBe(0);
      expect(
        drawToken(values(), [], [], { ...plainDecoding, topK: 0, topP: 1, minP: 0.5 }, () => at).token,
      ).toBeLessThan(2);
    }
  });

  it('draws in proportion', () => {
    const random = seededRandom(3);
    const decoding = { ...plainDecoding, temperature: 1, topK: 0, topP: 1, repetitionPenalty: 1 };
    let ones = 0;
    for (let round = 0; round < 2_000; round += 1)
      ones += Number(drawToken(logits(Math.log(3), 0), [], [], decoding, random).token === 1);
    expect(ones / 2_000).toBeCloseTo(0.25, 1);
  });
});

describe('repeating', () => {
  it('names the token that would complete a run a second time', () => {
    expect([...repeating([1, 2, 3, 9, 1, 2], 3)]).toEqual([3]);
    expect(repeating([1, 2], 3).size).toBe(0);
    expect(repeating([1, 2, 1], 0).size).toBe(0);
  });

  it('makes a run of n impossible to repeat', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (tokens, size) => {
        const kept: number[] = [];
        for (const token of tokens) if (!repeating(kept, size).has(token)) kept.push(token);
        const runs = kept.slice(size - 1).map((_, i) => kept.slice(i, i + size).join());
        expect(new Set(runs).size).toBe(runs.length);
      }),
    );
  });
});

it('seededRandom repeats itself from the same seed and stays in [0, 1)', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, random);
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(9).every((value) => value >= 0 && value < 1)).toBe(true);
});
