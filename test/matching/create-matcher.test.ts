import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBank } from '../../characters/bank.js';
import { packageRoot } from '../../config/root.js';
import { loadThemes } from '../../config/themes.js';
import { createMatcher, type Matcher } from '../../inference/onnx/persona-score/create-matcher.js';
import { SentenceEncoder } from '../../inference/onnx/sentence-encoder.js';
import { defaultWeights } from '../../src/matching/facets.js';
import { LexicalPersonaScorer } from '../../src/matching/lexical-persona-scorer.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { encoderFolder, temporaryFolder } from '../inference/onnx/model-copies.js';

const { all: bank } = loadBank([join(packageRoot, 'characters/bank')]);
const encoder = new SentenceEncoder(encoderFolder);
afterAll(() => encoder.close());
const say = (key: string): string => key;
const warnings: string[] = [];

function matcherWith(personaScore: {
  readonly kind: 'rapport' | 'characterchat-ckpt';
  readonly path: string;
}): Promise<Matcher> {
  warnings.length = 0;
  return createMatcher({
    encoder,
    personaScore,
    say,
    themes: loadThemes(),
    weights: defaultWeights,
    dataDir: temporaryFolder(),
    logger: { ...silentLogger, warn: (_fields, message) => void warnings.push(message) },
    interim: new LexicalPersonaScorer(say, loadThemes()),
  });
}
const seeker = { facts: [], worry: 'We had to put our dog down.' };

describe('the configured matcher', () => {
  it('ranks with the shipped fit', async () => {
    const matcher = await matcherWith({ kind: 'rapport', path: join(packageRoot, 'models/persona-score') });
    const ranking = await matcher.scorer.rank(seeker, bank, 16);
    expect(matcher).toMatchObject({ fit: 'towers', problem: null });
    expect(ranking[0]?.character.id).toBe('walter-brzezicki');
    expect(new Set(ranking.map(({ facets }) => facets?.learnedFit)).size).toBeGreaterThan(10);
    await matcher.close();
  });

  it('ranks with CharacterChat’s own scorer once the bank’s side is there, and without it until then', async () => {
    const path = join(packageRoot, 'test/inference/onnx/characterchat/fixtures/persona-score');
    const matcher = await matcherWith({ kind: 'characterchat-ckpt', path });
    expect(matcher).toMatchObject({ fit: 'characterchat', problem: null });
    expect((await matcher.scorer.rank(seeker, bank, 1))[0]?.character.id).toBe('walter-brzezicki');
    expect(warnings).toEqual([]);
    await matcher.close();
  });

  it.each(['rapport', 'characterchat-ckpt'] as const)(
    'answers without a learned fit where the file of kind %s cannot be used, and says so',
    async (kind) => {
      const matcher = await matcherWith({ kind, path: join(packageRoot, 'nowhere') });
      expect(matcher.fit).toBe('none');
      expect(matcher.problem).toMatchObject({ code: 'RAPPORT_E_MODEL_FILE' });
      expect(warnings.join()).toContain('The learned fit is left out.');
      const ranking = await matcher.scorer.rank(seeker, bank, 3);
      expect(ranking[0]?.character.id).toBe('walter-brzezicki');
      expect(new Set(ranking.map(({ facets }) => facets?.learnedFit)).size).toBe(1);
      await matcher.close();
    },
  );
});
