import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBank } from '../../characters/bank.js';
import { packageRoot } from '../../config/root.js';
import { loadThemes } from '../../config/themes.js';
import { EncoderPersonaScorer } from '../../inference/onnx/encoder-persona-scorer.js';
import { loadFitTowers } from '../../inference/onnx/persona-score/fit-towers.js';
import { SentenceEncoder } from '../../inference/onnx/sentence-encoder.js';
import { defaultWeights, type FacetName, type FacetWeights, facetNames } from '../../src/matching/facets.js';
import { LexicalPersonaScorer } from '../../src/matching/lexical-persona-scorer.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { hitRate, ndcg3, readLabelled } from './labelled-seekers.js';

const people = readLabelled('test/matching/labelled-seekers.yaml');
const { all: bank } = loadBank([join(packageRoot, 'characters/bank')]);
const matchable = bank.filter((character) => character.matchable);
const say = (key: string): string => key;
const nothing: FacetWeights = {
  learnedFit: 0,
  experience: 0,
  sharedGround: 0,
  temperament: 0,
  memories: 0,
};

describe('the labelled people', () => {
  it('are a hundred, accept only supporters of the bank, and each supporter suits at least six', () => {
    expect(people).toHaveLength(100);
    expect(new Set(people.map(({ worry }) => worry)).size).toBe(100);
    const ids = matchable.map(({ id }) => id);
    for (const { accept } of people) expect(ids).toEqual(expect.arrayContaining([...accept]));
    for (const id of ids)
      expect(people.filter(({ accept }) => accept.includes(id)).length, id).toBeGreaterThanOrEqual(6);
  });

  it('share no sentence with the lines of the themes', () => {
    const lines = new Set(loadThemes().flatMap((theme) => theme.lines.map((line) => line.toLowerCase())));
    for (const { worry } of people)
      for (const sentence of worry.toLowerCase().split(/(?<=[.!?])\s+/))
        expect(lines.has(sentence), sentence).toBe(false);
  });
});

describe('the bank', () => {
  it('carries only themes that have lines', () => {
    const known = new Set(loadThemes().map(({ id }) => id));
    expect(matchable.flatMap(({ tags }) => tags).filter((tag) => !known.has(tag))).toEqual([]);
  });
});

describe('ranking the labelled people', () => {
  const encoder = new SentenceEncoder(join(packageRoot, 'models/encoder'));
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-matching-'));
  let scorerWith: (weights: FacetWeights) => PersonaScorer;
  beforeAll(async () => {
    const { fit, scales } = await loadFitTowers(join(packageRoot, 'models/persona-score'), encoder);
    scorerWith = (weights) =>
      new EncoderPersonaScorer({
        encoder,
        say,
        themes: loadThemes(),
        dataDir,
        logger: silentLogger,
        weights,
        fit,
        ...(scales && { scales }),
      });
  });
  afterAll(() => encoder.close());

  // The reporter "verbose" prints what is annotated: the figures of docs/figures.md and models/persona-score.
  it('puts somebody who suits on top', async ({ annotate }) => {
    const scorer = scorerWith(defaultWeights);
    const best = await hitRate(people, scorer, bank, 1);
    const oneOfThree = await hitRate(people, scorer, bank, 3);
    await annotate(`best one suits ${best.toFixed(2)}\none of three suits ${oneOfThree.toFixed(2)}`);
    expect(await ndcg3(people, scorer, bank)).toBeGreaterThan(0.7);
    expect(best).toBeGreaterThanOrEqual(0.72);
    expect(oneOfThree).toBeGreaterThanOrEqual(0.87);
  });

  it('does better with all facets than with any alone', async ({ annotate }) => {
    const together = await ndcg3(people, scorerWith(defaultWeights), bank);
    const alone = new Map<FacetName, number>();
    for (const facet of facetNames)
      alone.set(facet, await ndcg3(people, scorerWith({ ...nothing, [facet]: 1 }), bank));
    await annotate(
      [['all', together] as const, ...alone].map(([name, value]) => `${name} ${value.toFixed(3)}`).join('\n'),
    );
    for (const [facet, value] of alone) expect(together, facet).toBeGreaterThan(value);
    expect(alone.get('experience')).toBeGreaterThan(0.68);
    expect(alone.get('memories')).toBeGreaterThan(0.42);
    expect(alone.get('sharedGround')).toBeGreaterThan(0.3);
  });

  it('does better than shared words, which still do better than chance by far', async ({ annotate }) => {
    const words = new LexicalPersonaScorer(say, loadThemes());
    const lexical = await ndcg3(people, words, bank);
    const best = await hitRate(people, words, bank, 1);
    await annotate(`shared words ${lexical.toFixed(3)}\nbest one suits ${best.toFixed(2)}`);
    expect(lexical).toBeGreaterThan(0.58);
    expect(await ndcg3(people, scorerWith(defaultWeights), bank)).toBeGreaterThan(lexical + 0.05);
  });
});
