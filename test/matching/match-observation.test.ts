import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personId, sessionId } from '../../src/ids.js';
import { type MatchObservation, rewardOf, settledAfterMs } from '../../src/matching/match-observation.js';

const begun: MatchObservation = {
  personId: personId('web:ada'),
  sessionId: sessionId('web:1'),
  characterId: 'maren-voss',
  at: 1_000,
  scorer: 'encoder',
  facets: { learnedFit: 0.8, experience: 0.5, sharedGround: 0, temperament: 0.5, memories: 0.4 },
  votes: {},
  continued: false,
};

describe('rewardOf', () => {
  it('says nothing of a conversation that has only begun, and counts one left alone for a week', () => {
    expect(rewardOf(begun, 2_000)).toBeNull();
    expect(rewardOf(begun, 1_000 + settledAfterMs)).toEqual({ value: 0, weight: 0.5, ratings: 0 });
    expect(rewardOf({ ...begun, continued: true }, 2_000)).toEqual({ value: 1, weight: 0.5, ratings: 0 });
  });

  it('takes the share of thumbs up, three ratings at most counting', () => {
    expect(rewardOf({ ...begun, votes: { a: 'up' } }, 2_000)).toEqual({ value: 1, weight: 1, ratings: 1 });
    const votes = { a: 'up', b: 'down', c: 'down', d: 'down' } as const;
    expect(rewardOf({ ...begun, votes }, 2_000)).toEqual({ value: 0.25, weight: 3, ratings: 4 });
  });

  it('takes a mood that rises for good and one that falls for bad', () => {
    const after = (first: number, last: number): number | undefined =>
      rewardOf({ ...begun, mood: { first, last } }, 2_000)?.value;
    expect(after(2, 2)).toBe(0.5);
    expect(after(1, 3)).toBe(0.9);
    expect(after(0, 5)).toBe(1);
    expect(after(4, 1)).toBe(0);
  });

  it('stays in [0, 1], and no thumb up makes it worse', () => {
    const votes = fc.dictionary(fc.string(), fc.constantFrom('up' as const, 'down' as const));
    const mood = fc.record({ first: fc.integer({ min: 0, max: 5 }), last: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(votes, fc.option(mood, { nil: undefined }), fc.boolean(), (given, felt, continued) => {
        const observation = { ...begun, votes: given, continued, ...(felt && { mood: felt }) };
        const reward = rewardOf(observation, 2_000);
        if (!reward) return;
        expect(reward.value).toBeGreaterThanOrEqual(0);
        expect(reward.value).toBeLessThanOrEqual(1);
        if (Object.keys(given).length < 3) return;
        const better = rewardOf({ ...observation, votes: { ...given, one_more: 'up' } }, 2_000);
        expect(better?.value).toBeGreaterThanOrEqual(reward.value - 1e-9);
      }),
    );
  });
});
