import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Character, characterSchema } from '../../characters/schema.js';
import { loadThemes } from '../../config/themes.js';
import { EncoderPersonaScorer } from '../../inference/onnx/encoder-persona-scorer.js';
import { SentenceEncoder } from '../../inference/onnx/sentence-encoder.js';
import { explainMatch } from '../../src/matching/explain-match.js';
import { defaultWeights, type Facets, weightedScore } from '../../src/matching/facets.js';
import { LexicalPersonaScorer } from '../../src/matching/lexical-persona-scorer.js';
import {
  bankThemes,
  likeliestTheme,
  ThemeWords,
  themeProbabilities,
  themesOf,
} from '../../src/matching/theme-evidence.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { encoderFolder, temporaryFolder } from '../inference/onnx/model-copies.js';

const themes = loadThemes();
const say = (key: string, values: object = {}): string => `${key} ${JSON.stringify(values)}`;
const facets: Facets = { learnedFit: 0.7, experience: 0, sharedGround: 0, temperament: 0.5, memories: 0 };

function character(id: string, change: Partial<Character> = {}): Character {
  return characterSchema.parse({ id, name: id, supporterStatement: `You are ${id}.`, ...change });
}

describe('theme evidence', () => {
  it('makes probabilities that add up to 1, in the order of the evidence', () => {
    const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 1, noNaN: true }), (evidence, temperature) => {
        const probabilities = themeProbabilities(evidence, temperature);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        for (const [i, a] of evidence.entries())
          for (const [j, b] of evidence.entries())
            if (a > b) expect(probabilities[i]).toBeGreaterThanOrEqual(probabilities[j] ?? 1);
      }),
    );
  });

  it('adds a bank’s own tags as themes of one line', () => {
    const all = bankThemes(themes, [{ tags: ['grief', 'bee-keeping'] }, { tags: ['bee-keeping'] }]);
    expect(all).toHaveLength(themes.length + 1);
    expect(all.at(-1)).toEqual({ id: 'bee-keeping', name: 'bee keeping', lines: ['bee keeping'] });
    expect(themesOf(all, ['bee-keeping', 'nothing', 'bee-keeping'])).toEqual([themes.length]);
  });

  it('finds themes by shared words, and none where none is shared', () => {
    const words = new ThemeWords(themes);
    const scores = words.scores('My dog is dead.');
    expect(themes[scores.indexOf(1)]?.id).toBe('pet-loss');
    expect(Math.max(...words.scores('zzz'))).toBe(0);
  });

  it('names a theme only where it is likelier than chance by far', () => {
    const flat = themes.map(() => 1 / themes.length);
    expect(likeliestTheme(themes, [0, 1, 2], flat)).toBeNull();
    expect(likeliestTheme(themes, [], flat)).toBeNull();
    const sure = themes.map((_, place) => (place === 1 ? 0.9 : 0.1 / (themes.length - 1)));
    expect(likeliestTheme(themes, [0, 1, 2], sure)).toBe(themes[1]);
    expect(likeliestTheme(themes, [0, 2], sure)).toBeNull();
  });
});

describe('the score', () => {
  it('is the weighted mean of the facets, between the least and the most of them', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const five = fc.record({
      learnedFit: unit,
      experience: unit,
      sharedGround: unit,
      temperament: unit,
      memories: unit,
    });
    fc.assert(
      fc.property(five, five, (given, weights) => {
        const score = weightedScore(given, weights);
        if (Object.values(weights).every((value) => value === 0)) return expect(score).toBe(0);
        expect(score).toBeGreaterThanOrEqual(Math.min(...Object.values(given)) - 1e-9);
        expect(score).toBeLessThanOrEqual(Math.max(...Object.values(given)) + 1e-9);
      }),
    );
  });
});

describe('reasons', () => {
  const fisher = character('fisher', { memory: { hobby: 'You fish on the lake.' }, mbti: 'INFJ' });
  const explain = (given: Partial<Facets>, change: object = {}): readonly string[] =>
    explainMatch(
      {
        seeker: { facts: ['I like fishing', 'I failed'], worry: 'I failed my exam.', mbti: 'INFP' },
        character: fisher,
        facets: { ...facets, ...given },
        weights: defaultWeights,
        theme: 'grief',
        usualFit: 0.7,
        ...change,
      },
      say,
    ).map(({ facet, text }) => `${facet}: ${text}`);

  it('say what counts most first, and nothing of a facet that is weak', () => {
    expect(explain({ experience: 0.9, memories: 0.9, temperament: 0.9, learnedFit: 0.8 })).toEqual([
      'experience: match.experience {"name":"fisher","topic":"grief"}',
      'memories: match.memories {"name":"fisher"}',
      'learned-fit: match.fit {"name":"fisher"}',
      'temperament: match.temperament {"types":"INFP · INFJ"}',
      'shared-ground: match.ground {"topic":"fishing"}',
    ]);
    expect(explain({ experience: 0.9 }, { theme: null })[0]).toBe(
      'experience: match.close {"name":"fisher"}',
    );
    expect(explain({ experience: 0.1, learnedFit: 0.71 })).toEqual([
      'shared-ground: match.ground {"topic":"fishing"}',
    ]);
  });

  it('do not take what troubles somebody for common ground, and are never none', () => {
    const seeker = { facts: ['I failed'], worry: 'I failed my exam.' };
    const failed = character('failed', { memory: { hobby: 'You failed at chess.' } });
    expect(explain({}, { seeker, character: failed })).toEqual([
      'listening: match.default {"name":"failed"}',
    ]);
  });
});

describe('a bank of other characters', () => {
  const encoder = new SentenceEncoder(encoderFolder);
  afterAll(() => encoder.close());
  const untagged = character('untagged', {
    supporterStatement: 'You are Ole, a postman whose old dog died last winter, and you still miss her.',
    memory: {
      growth_experience: 'Your dog Fly slept at your feet for fifteen years. One morning she did not get up.',
      emotional_state:
        'The empty basket by the door still hurts you. You cried for an animal and were ashamed.',
    },
  });
  const beekeeper = character('beekeeper', { tags: ['bee-keeping', 'allergy'] });
  const others = ['gambling', 'exams', 'divorce', 'panic-attacks'].map((tag) =>
    character(tag, { tags: [tag] }),
  );
  const bank = [...others, beekeeper, untagged];
  const scorers = [
    new EncoderPersonaScorer({ encoder, say, themes, dataDir: temporaryFolder(), logger: silentLogger }),
    new LexicalPersonaScorer(say, themes),
  ];

  it.each(scorers)('finds by $kind who has lived through it without a tag for it', async (scorer) => {
    const [best] = await scorer.rank({ facts: [], worry: 'My dog died and the basket is empty.' }, bank, 1);
    expect(best?.character.id).toBe('untagged');
  });

  it.each(scorers)('finds by $kind a tag that is no theme, and says it in its own words', async (scorer) => {
    const [best] = await scorer.rank({ facts: [], worry: 'Bee keeping is all I think about.' }, bank, 1);
    expect(best?.character.id).toBe('beekeeper');
    expect(best?.reasons[0]?.text).toContain('bee keeping');
  });
});
