import { describe, expect, it } from 'vitest';
import { type Character, characterSchema } from '../../characters/schema.js';
import { personId, sessionId } from '../../src/ids.js';
import { defaultWeights, type Facets, weightedScore } from '../../src/matching/facets.js';
import { type SignedWeights, signedScore } from '../../src/matching/learned-weights.js';
import { LearningPersonaScorer } from '../../src/matching/learning-persona-scorer.js';
import type { MatchObservation } from '../../src/matching/match-observation.js';
import type { PersonaScorer, RankedMatch } from '../../src/matching/persona-scorer.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { seededRandom } from './seeded-random.js';

const seeds = 40;
const conversations = 500;
const supporters: readonly Character[] = Array.from({ length: 16 }, (_, index) =>
  characterSchema.parse({ id: `supporter-${index}`, name: `S${index}`, supporterStatement: 'You are one.' }),
);

/** A community whose people care for other things than the configured weights say. */
const otherTaste: SignedWeights = {
  learnedFit: 0,
  experience: 0.25,
  sharedGround: 0.45,
  temperament: 0.5,
  memories: -0.2,
};
/** One that is as configured. */
const asConfigured: SignedWeights = defaultWeights;

/** Ranks by the configured weights over facets dealt out anew for each person who comes. */
class DealtScorer implements PersonaScorer {
  readonly kind = 'dealt';
  dealt: readonly Facets[] = [];

  async rank(_seeker: unknown, bank: readonly Character[], k: number): Promise<RankedMatch[]> {
    return bank
      .map((character, index): RankedMatch => {
        const facets = this.dealt[index] as Facets;
        return { character, facets, score: weightedScore(facets, defaultWeights), reasons: [] };
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, k);
  }
}

interface Regrets {
  /** Expected reward lost against the best supporter each time, summed: over all conversations, over the last fifth. */
  readonly learning: number;
  readonly fixed: number;
  readonly learningLate: number;
  readonly fixedLate: number;
}

/** One community: people come, get the supporter ranked first, and rate the conversation 👍 or 👎. */
async function community(taste: SignedWeights, seed: number): Promise<Regrets> {
  const random = seededRandom(seed);
  const clock = new FakeClock();
  const observations: MatchObservation[] = [];
  const inner = new DealtScorer();
  const learning = new LearningPersonaScorer({
    inner,
    store: {
      matching: {
        observations: async () => observations,
      },
    },
    matching: { weights: defaultWeights, learning: { enabled: true, minRatings: 30 } },
    clock,
    random: seededRandom(seed + 1_000),
    logger: silentLogger,
  });
  const lost = { learning: 0, fixed: 0, learningLate: 0, fixedLate: 0 };
  const expected = (facets: Facets): number => 0.05 + 0.9 * signedScore(facets, taste);
  for (let turn = 0; turn < conversations; turn += 1) {
    inner.dealt = supporters.map(() => ({
      learnedFit: 0.7 + 0.1 * random.next(),
      experience: random.next() ** 2,
      sharedGround: random.next() ** 2,
      temperament: 0.3 + 0.7 * random.next(),
      memories: random.next(),
    }));
    const best = Math.max(...inner.dealt.map(expected));
    const [chosen] = await learning.rank({ facts: [] }, supporters, 1);
    const [fixed] = await inner.rank(null, supporters, 1);
    const facets = chosen?.facets as Facets;
    const late = turn >= 0.8 * conversations;
    lost.learning += best - expected(facets);
    lost.fixed += best - expected(fixed?.facets as Facets);
    if (late) {
      lost.learningLate += best - expected(facets);
      lost.fixedLate += best - expected(fixed?.facets as Facets);
    }
    observations.push({
      personId: personId(`web:${turn}`),
      sessionId: sessionId(`web:${turn}`),
      characterId: chosen?.character.id ?? '',
      at: clock.now(),
      scorer: 'dealt',
      facets,
      votes: { reply: random.next() < expected(facets) ? 'up' : 'down' },
      continued: false,
    });
    await clock.advance(10_000);
  }
  return lost;
}

async function communities(taste: SignedWeights): Promise<Regrets[]> {
  const all: Regrets[] = [];
  for (let seed = 0; seed < seeds; seed += 1) all.push(await community(taste, seed));
  return all;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe(`learning in ${seeds} simulated communities`, () => {
  it('loses less than the configured weights where people have another taste', async ({ annotate }) => {
    const all = await communities(otherTaste);
    const [learning, fixed] = [mean(all.map((one) => one.learning)), mean(all.map((one) => one.fixed))];
    const [late, fixedLate] = [
      mean(all.map((one) => one.learningLate)),
      mean(all.map((one) => one.fixedLate)),
    ];
    const better = all.filter((one) => one.learning < one.fixed).length;
    await annotate(
      `regret ${learning.toFixed(1)} learning, ${fixed.toFixed(1)} fixed; last fifth ${late.toFixed(2)} and ${fixedLate.toFixed(2)}; better in ${better}`,
    );
    expect(learning).toBeLessThan(0.6 * fixed);
    expect(late).toBeLessThan(0.3 * fixedLate);
    expect(better).toBeGreaterThanOrEqual(0.95 * seeds);
  });

  it('loses little where the configured weights were right', async ({ annotate }) => {
    const all = await communities(asConfigured);
    const learning = mean(all.map((one) => one.learning));
    await annotate(
      `regret ${learning.toFixed(1)} over ${conversations} conversations; last fifth ${mean(all.map((one) => one.learningLate)).toFixed(2)}`,
    );
    expect(mean(all.map((one) => one.fixed))).toBeLessThan(1e-9);
    expect(learning / conversations).toBeLessThan(0.03);
    expect(mean(all.map((one) => one.learningLate))).toBeLessThan(0.2 * learning);
  });
});
