import { describe, expect, it } from 'vitest';
import { composeAll } from '../../../characters/composed/composed-bank.js';
import { sampleBank } from '../../../characters/composed/sampler.js';
import { EncoderPersonaScorer } from '../../../inference/onnx/encoder-persona-scorer.js';
import { ComposedVectors } from '../../../inference/onnx/persona-score/composed-vectors.js';
import type { TextEncoder } from '../../../inference/onnx/sentence-encoder.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { fixtureText, partsOfText, regions } from '../../characters/composed/fixture.js';
import { temporaryFolder } from './model-copies.js';

const parts = partsOfText(fixtureText());
const table = sampleBank(parts, regions, { seed: 1, perType: 4, year: 2026, taken: [] });
const characters = composeAll(table.choices, parts, regions, table.year);

/** A direction of its own for each word: texts that share words lie near each other. */
function wordEncoder(): TextEncoder & { asked: number } {
  const dimensions = 2_048;
  return {
    asked: 0,
    dimensions,
    fingerprint: 'words',
    async encode(texts) {
      this.asked += texts.length;
      return texts.map((text) => {
        const vector = new Float32Array(dimensions);
        for (const word of text.toLowerCase().match(/\p{L}{3,}/gu) ?? []) {
          let hash = 7;
          for (const letter of word) hash = (hash * 31 + letter.charCodeAt(0)) % 65_521;
          vector[hash % dimensions] = (vector[hash % dimensions] ?? 0) + 1;
        }
        const length = Math.hypot(...vector) || 1;
        return vector.map((value) => value / length);
      });
    },
  };
}

const compute = <T>(_hash: string, make: () => Promise<T>): Promise<T> => make();

describe('vectors of composed characters', () => {
  it('are put together from those of their parts, each computed once', async () => {
    const encoder = wordEncoder();
    const composed = await ComposedVectors.of(characters, encoder, compute);
    expect(encoder.asked).toBeLessThan(24 * 16 + 24 * 3 + 40);
    const [first] = characters;
    if (!first) throw new Error('none');
    const { counts, matrix } = composed.vectors(first) ?? { counts: [], matrix: null };
    // Eight pools of what was lived, a sentence each; six of the days, and the title of the job.
    expect(counts).toEqual([1, 8, 7]);
    expect(matrix?.scales).toHaveLength(17);
    expect(composed.statement(first)).toHaveLength(2_048);
    expect(composed.vectors({ ...first })).toBeNull();
  });

  it('rank a bank, and none is computed again', async () => {
    const dataDir = temporaryFolder();
    const scorer = (encoder: TextEncoder): EncoderPersonaScorer =>
      new EncoderPersonaScorer({ encoder, say: (key) => key, themes: [], dataDir, logger: silentLogger });
    await scorer(wordEncoder()).prepare(characters);
    const again = wordEncoder();
    const ready = scorer(again);
    await ready.prepare(characters);
    expect(again.asked).toBe(0);
    const growth = characters[9]?.memory.growth_experience?.split('. ')[1] ?? '';
    const ranking = await ready.rank({ facts: [], worry: growth }, characters, 64);
    expect(ranking).toHaveLength(64);
    const place = ranking.findIndex(({ character }) => character === characters[9]);
    expect(place).toBeLessThan(8);
  });
});
