import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { loadFitTowers } from '../../inference/onnx/persona-score/fit-towers.js';
import { ratingOf } from '../../inference/onnx/persona-score/learned-fit.js';
import { SentenceEncoder, type TextEncoder } from '../../inference/onnx/sentence-encoder.js';
import { copyOf, encoderFolder, replaceFile } from '../inference/onnx/model-copies.js';

const folder = join(packageRoot, 'models/persona-score');
const encoder = new SentenceEncoder(encoderFolder);
afterAll(() => encoder.close());

describe('the learned fit', () => {
  it('is made for the shipped encoder', async () => {
    expect((await loadFitTowers(folder, encoder)).scales).not.toBeNull();
  });

  it('gives ratings between 1 and 5 that differ by little, as little as it knows', async () => {
    const { fit } = await loadFitTowers(folder, encoder);
    const texts = [
      'You are a nurse from Leeds who grieves.',
      'You are a loud cook.',
      'You play chess at night.',
    ];
    const vectors = await encoder.encode(texts);
    const sides = await fit.supporters([], vectors);
    const ratings = await Promise.all(
      vectors.map(async (vector, index) => {
        const side = await fit.seeker({ text: texts[index] ?? '', vector });
        return sides.map((other) => fit.rating(side, other));
      }),
    );
    for (const rating of ratings.flat()) {
      expect(rating).toBeGreaterThan(1);
      expect(rating).toBeLessThan(5);
      expect(Math.abs(rating - fit.mean)).toBeLessThan(0.5);
    }
    expect(new Set(ratings.flat()).size).toBe(9);
  });

  it('is the product of the towers that the file holds', async () => {
    const { fit } = await loadFitTowers(folder, encoder);
    const file = JSON.parse(readFileSync(join(folder, 'towers.json'), 'utf8')) as {
      readonly mean: number;
      readonly seekerMean: readonly number[];
      readonly supporterMean: readonly number[];
      readonly seeker: readonly (readonly number[])[];
      readonly supporter: readonly (readonly number[])[];
    };
    const [s, t] = (await encoder.encode(['I lost my job.', 'You lost a company.'])) as [
      Float32Array,
      Float32Array,
    ];
    const project = (rows: readonly (readonly number[])[], mean: readonly number[], text: Float32Array) =>
      rows.map((row) => row.reduce((sum, value, i) => sum + value * ((text[i] ?? 0) - (mean[i] ?? 0)), 0));
    const left = project(file.seeker, file.seekerMean, s);
    const right = project(file.supporter, file.supporterMean, t);
    const expected = file.mean + left.reduce((sum, value, k) => sum + value * (right[k] ?? 0), 0);
    const [side] = await fit.supporters([], [t]);
    const own = await fit.seeker({ text: '', vector: s });
    expect(fit.rating(own, side ?? own)).toBeCloseTo(expected, 4);
    expect(ratingOf(3, new Float32Array([1, 2]), new Float32Array([3, 4]))).toBe(14);
  });

  it('is left out, the same for every pair, where another encoder is there', async () => {
    const other: TextEncoder = {
      dimensions: encoder.dimensions,
      fingerprint: 'other',
      encode: async (texts) => texts.map(() => new Float32Array(encoder.dimensions).fill(0.04)),
    };
    const { fit, scales } = await loadFitTowers(folder, other);
    expect(scales).toBeNull();
    const side = await fit.seeker({ text: 'x', vector: new Float32Array(512) });
    expect(fit.rating(side, side)).toBe(fit.mean);
  });

  const broken: readonly [string, (copy: string) => void, RegExp][] = [
    ['a missing file', (copy) => rmSync(join(copy, 'towers.json')), /towers\.json/],
    ['a file that is no JSON', (copy) => replaceFile(copy, 'towers.json', '{'), /towers\.json/],
    ['a file of another kind', (copy) => replaceFile(copy, 'towers.json', '{"mean":4}'), /towers\.json/],
    [
      'towers of another width',
      (copy) =>
        replaceFile(
          copy,
          'towers.json',
          '{"mean":4,"seekerMean":[0],"supporterMean":[0],"seeker":[[1]],"supporter":[[1]]}',
        ),
      /dimension 512/,
    ],
  ];
  it.each(broken)('%s gives a coded error that names it', async (_what, damage, named) => {
    const copy = copyOf(folder);
    damage(copy);
    const thrown = await loadFitTowers(copy, encoder).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'RAPPORT_E_MODEL_FILE' });
    expect(String(thrown)).toMatch(named);
  });
});
