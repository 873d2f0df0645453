import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../app/settings.js';
import { loadBank } from '../../characters/bank.js';
import type { Character } from '../../characters/schema.js';
import { packageRoot } from '../../config/root.js';
import { loadThemes } from '../../config/themes.js';
import { personId, sessionId } from '../../src/ids.js';
import { defaultWeights, type Facets } from '../../src/matching/facets.js';
import { learnWeights, signedScore } from '../../src/matching/learned-weights.js';
import { LearningPersonaScorer } from '../../src/matching/learning-persona-scorer.js';
import { LexicalPersonaScorer } from '../../src/matching/lexical-persona-scorer.js';
import type { MatchObservation } from '../../src/matching/match-observation.js';
import { FallbackPersonaScorer, type PersonaScorer } from '../../src/matching/persona-scorer.js';
import { type Logger, silentLogger } from '../../src/telemetry/logger.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { seededRandom } from './seeded-random.js';

const { all: bank } = loadBank([join(packageRoot, 'characters/bank')]);
const inner = new LexicalPersonaScorer((key) => key, loadThemes());
const seeker = { facts: ['I like fishing', 'I am 20'], mbti: 'INFP', worry: 'I failed my exam again.' };

/** People who like whoever complements their temperament, whatever the experience. */
function ratings(n: number, scorer = 'lexical'): MatchObservation[] {
  const random = seededRandom(5);
  return Array.from({ length: n }, (_, index) => {
    const temperament = random.next();
    const facets: Facets = {
      learnedFit: 0.5,
      experience: random.next(),
      sharedGround: random.next(),
      memories: random.next(),
      temperament,
    };
    return {
      personId: personId(`web:${index}`),
      sessionId: sessionId(`web:${index}`),
      characterId: 'maren-voss',
      at: 1_000,
      scorer,
      facets,
      votes: { r1: temperament > 0.5 ? ('up' as const) : ('down' as const) },
      continued: false,
    };
  });
}

function scorerOver(
  observations: readonly MatchObservation[],
  seed = 1,
  logger: Logger = silentLogger,
  ranker: PersonaScorer = inner,
) {
  const reads = { count: 0 };
  const clock = new FakeClock();
  const scorer = new LearningPersonaScorer({
    inner: ranker,
    store: {
      matching: {
        observations: async () => {
          reads.count += 1;
          return [...observations];
        },
      },
    },
    matching: loadConfig({}, '/nowhere').config.matching,
    clock,
    random: seededRandom(seed),
    logger,
  });
  return { scorer, clock, reads };
}
const order = async (
  scorer: LearningPersonaScorer,
  options?: { readonly explore?: boolean },
): Promise<string[]> =>
  (await scorer.rank(seeker, bank, bank.length, options)).map(({ character }) => character.id);
const plain = async (): Promise<string[]> =>
  (await inner.rank(seeker, bank, bank.length)).map(({ character }) => character.id);

describe('LearningPersonaScorer', () => {
  it('ranks as configured below thirty ratings, and by what was learned from then on', async () => {
    expect(await order(scorerOver(ratings(29)).scorer, { explore: false })).toEqual(await plain());
    const learned = await order(scorerOver(ratings(60)).scorer, { explore: false });
    expect(learned).not.toEqual(await plain());
    expect([...learned].sort()).toEqual([...(await plain())].sort());
  });

  it('puts those first whom the ratings speak for', async () => {
    const ranking = await scorerOver(ratings(200)).scorer.rank(seeker, bank, 5, { explore: false });
    const best = Math.max(
      ...(await inner.rank(seeker, bank, 99)).map(({ facets }) => facets?.temperament ?? 0),
    );
    expect(ranking[0]?.facets?.temperament).toBeCloseTo(best, 5);
    const scores = ranking.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const score of scores) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect(ranking[0]?.reasons.length).toBeGreaterThan(0);
  });

  it('tries out what is uncertain, in the same way for the same randomness, and never where chance has no place', async () => {
    const few = ratings(30);
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => order(scorerOver(few, seed).scorer)),
    );
    expect(new Set(runs.map((run) => run.join())).size).toBeGreaterThan(3);
    expect(await order(scorerOver(few, 3).scorer)).toEqual(runs[3]);
    const fixed = await Promise.all(
      [1, 2, 3].map((seed) => order(scorerOver(few, seed).scorer, { explore: false })),
    );
    expect(new Set(fixed.map((run) => run.join())).size).toBe(1);
  });

  it('leaves out what another scorer has measured', async () => {
    const { scorer } = scorerOver([...ratings(20), ...ratings(500, 'encoder')]);
    expect(await order(scorer)).toEqual(await plain());
    expect((await scorer.learned())?.ratings).toBe(20);
  });

  it('reads the observations once a minute, and goes on with what it knows when they cannot be read', async () => {
    const observations = ratings(60);
    const { scorer, clock, reads } = scorerOver(observations);
    await order(scorer);
    await order(scorer);
    expect(reads.count).toBe(1);
    await clock.advance(60_000);
    await order(scorer);
    expect(reads.count).toBe(2);

    const warnings: string[] = [];
    const broken = new LearningPersonaScorer({
      inner,
      store: {
        matching: {
          observations: () => Promise.reject(new Error('away')),
        },
      },
      matching: loadConfig({}, '/nowhere').config.matching,
      clock,
      random: seededRandom(1),
      logger: { ...silentLogger, warn: (_fields, message) => void warnings.push(message) },
    });
    expect(await order(broken)).toEqual(await plain());
    expect(warnings.join()).toContain('cannot be read');
  });

  it('has the bank prepared by the scorer that it wraps, through a fallback too', async () => {
    const prepared: (readonly Character[])[] = [];
    const slow: PersonaScorer = {
      ...{ kind: inner.kind, rank: inner.rank.bind(inner) },
      prepare: async (given) => {
        prepared.push(given);
      },
    };
    await scorerOver(
      [],
      1,
      silentLogger,
      new FallbackPersonaScorer(slow, inner, silentLogger),
    ).scorer.prepare(bank);
    expect(prepared).toEqual([bank]);
    await scorerOver([]).scorer.prepare(bank);
  });
});

describe('learned weights', () => {
  it('are the configured ones, in proportion, while nothing is known', () => {
    const { mean, ratings: known } = learnWeights(defaultWeights, [], { scorer: 'lexical', now: 0 });
    expect(known).toBe(0);
    for (const name of ['sharedGround', 'temperament', 'memories'] as const)
      expect(mean[name] / mean.experience).toBeCloseTo(defaultWeights[name] / defaultWeights.experience, 9);
  });

  it('grow surer with every rating', () => {
    const sure = (n: number): number =>
      learnWeights(defaultWeights, ratings(n), { scorer: 'lexical', now: 0 }).deviation.temperament;
    expect(sure(300)).toBeLessThan(sure(30));
    expect(sure(30)).toBeLessThan(sure(0));
  });

  it('score as a weighted mean, and turn round where a weight is below 0', () => {
    const facets: Facets = {
      learnedFit: 0,
      experience: 1,
      sharedGround: 0,
      temperament: 1,
      memories: 0,
    };
    const weights = { learnedFit: 0, experience: 3, sharedGround: 0, temperament: 1, memories: 0 };
    expect(signedScore(facets, weights)).toBe(1);
    expect(signedScore({ ...facets, temperament: 0 }, weights)).toBe(0.75);
    expect(signedScore(facets, { ...weights, temperament: -1 })).toBe(0.75);
    expect(signedScore({ ...facets, temperament: 0 }, { ...weights, temperament: -1 })).toBe(1);
  });
});

it('the weights of the code are those of config/default.yaml', () => {
  expect(defaultWeights).toEqual(loadConfig({}, '/nowhere').config.matching.weights);
});
