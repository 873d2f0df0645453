import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../config/root.js';
import { bootstrapIntervals, pairedTests } from '../../lab/evaluation/generation/resampling.js';
import {
  characterBleu,
  miracleDistinct,
  personaGptF1,
  personaGptPerplexity,
  selfBleu,
} from '../../lab/evaluation/generation/seed-figures.js';
import { evaluatePapers } from '../../lab/evaluation/papers.js';

const expected = z
  .object({
    characterBleu: z.array(z.tuple([z.string(), z.array(z.string()), z.number()])),
    replies: z.array(z.string()),
    selfBleu: z.number(),
    miracleDistinct: z.number(),
  })
  .parse(
    JSON.parse(readFileSync(join(packageRoot, 'test/fixtures/evaluation/generation.expected.json'), 'utf8')),
  );
const folder = mkdtempSync(join(tmpdir(), 'rapport-papers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("MIRACLE's figures (issue 19.1)", () => {
  const replies = expected.replies.map((reply) => reply.split(' '));

  it.each(expected.characterBleu)("BLEU of characters of %j is nltk's", (reply, references, value) => {
    expect(characterBleu(reply, references)).toBeCloseTo(value, 8);
  });

  it("self-BLEU is nltk's, and null of one reply", () => {
    expect(selfBleu(replies, () => 0.5)).toBeCloseTo(expected.selfBleu, 8);
    expect(selfBleu(replies.slice(1, 2), () => 0)).toBeNull();
  });

  it('distinctness divides by the number of words', () => {
    expect(miracleDistinct(replies)).toBeCloseTo(expected.miracleDistinct, 8);
    expect(miracleDistinct([['a', 'b', 'a']])).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3) / 3, 12);
  });
});

describe("PersonaGPT's figures (issue 19.1)", () => {
  it('F1 counts different ids over all ids, with 1e-3 in the denominator', () => {
    expect(personaGptF1([{ predicted: [1, 2], expected: [1, 2] }])).toBeCloseTo(2 / 2.001, 12);
    // one id in common; precision 1/4, recall 1/2
    const half = (2 * 0.25 * 0.5) / (0.25 + 0.5 + 1e-3);
    expect(personaGptF1([{ predicted: [7, 7, 7, 3], expected: [7, 9] }])).toBeCloseTo(half, 12);
    expect(personaGptF1([{ predicted: [], expected: [1] }])).toBe(0);
  });

  it('perplexity gives each example the same weight', () => {
    expect(personaGptPerplexity([1, 3])).toBeCloseTo(Math.E ** 2, 12);
  });

  it('of a file: what the rows have, null for what none has', async () => {
    const file = join(folder, 'rows.jsonl');
    const rows = [
      { attributes: { mood: 0.9, tense: 0.5 }, coherence: 0.8, crossEntropy: 1 },
      {
        attributes: { mood: 0.7 },
        coherence: 0.6,
        crossEntropy: 3,
        turns: [{ predicted: [1], expected: [1] }],
      },
    ];
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const { n, metrics, intervals } = await evaluatePapers({ file }, { intervals: true });
    expect(n).toBe(2);
    expect(metrics).toEqual({
      pAcc: expect.closeTo(0.65, 12),
      'pAcc mood': expect.closeTo(0.8, 12),
      'pAcc tense': 0.5,
      characterBleu: null,
      nliCoherence: expect.closeTo(0.7, 12),
      distinct: null,
      tokenF1: expect.closeTo(2 / 2.001, 12),
      perplexity: expect.closeTo(Math.E ** 2, 12),
      selfBleu: null,
    });
    expect(intervals?.nliCoherence).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
  });
});

describe('resampling', () => {
  const meanOf = (values: readonly number[]) => (places: readonly number[]) => ({
    mean: places.reduce((sum, place) => sum + (values[place] ?? 0), 0) / places.length,
  });

  it('gives an interval near the one the normal distribution gives', () => {
    const values = Array.from({ length: 400 }, (_, index) => index % 2);
    const [low = 0, high = 0] = bootstrapIntervals(400, meanOf(values)).mean ?? [];
    expect(low).toBeCloseTo(0.451, 1.5);
    expect(high).toBeCloseTo(0.549, 1.5);
  });

  it('tells a real difference from chance', () => {
    const same = Array.from({ length: 40 }, (_, index) => (index * 7) % 5);
    const chance = pairedTests(40, meanOf([...same, ...same.map((_, index) => (index * 7 + 2) % 5)])).mean;
    expect(chance?.p).toBeGreaterThan(0.2);
    const real = pairedTests(40, meanOf([...same.map((value) => value + 1), ...same])).mean;
    expect(real?.difference).toBeCloseTo(1, 12);
    expect(real?.p).toBeLessThan(0.01);
    expect(real?.interval[0]).toBeCloseTo(1, 12);
  });
});
