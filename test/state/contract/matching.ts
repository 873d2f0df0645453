import { expect } from 'vitest';
import { sessionId } from '../../../src/ids.js';
import type { MatchObservation } from '../../../src/matching/match-observation.js';
import type { ContractTest } from '../store-contract.js';
import { ada, ben, session, talk } from './samples.js';

function observation(change: Partial<MatchObservation> = {}): MatchObservation {
  return {
    personId: ada,
    sessionId: talk,
    characterId: 'maren-voss',
    at: 1_000,
    scorer: 'encoder',
    facets: { learnedFit: 0.78, experience: 0.1 + 0.2, sharedGround: 0, temperament: 0.5, memories: 1 },
    votes: { 'web:talk-1#1:0': 'up' },
    continued: false,
    ...change,
  };
}

export const matchingTests: ContractTest = (test) => {
  test('keeps one observation a person, session and character', async ({ store, other }) => {
    expect(await store.matching.observation(ada, talk, 'maren-voss')).toBeNull();
    await store.matching.save(observation());
    const changed = observation({ votes: {}, mood: { first: 1, last: 4 }, continued: true });
    await store.matching.save(changed);
    expect(await other.matching.observation(ada, talk, 'maren-voss')).toEqual(changed);
    expect(await other.matching.observation(ada, talk, 'rin-asakura')).toBeNull();
    expect(await other.matching.observation(ben, talk, 'maren-voss')).toBeNull();
    expect(await other.matching.observations(10)).toEqual([changed]);
  });

  test('lists those of everybody, latest first, and no more than asked for', async ({ store, other }) => {
    const old = observation({ at: 5, sessionId: sessionId('old') });
    const bens = observation({ personId: ben, at: 20 });
    const second = observation({ characterId: 'rin-asakura', at: 30 });
    for (const one of [second, old, bens]) await store.matching.save(one);
    expect(await other.matching.observations(10)).toEqual([second, bens, old]);
    expect(await other.matching.observations(1)).toEqual([second]);
  });

  test('exports a person’s own and erases them with the person', async ({ store, other }) => {
    await store.sessions.create(session(), []);
    await store.matching.save(observation());
    await store.matching.save(observation({ personId: ben }));
    expect((await other.people.export(ada, 1)).observations).toEqual([observation()]);
    await other.people.erase(ada);
    expect(await store.matching.observation(ada, talk, 'maren-voss')).toBeNull();
    expect(await store.matching.observations(10)).toEqual([observation({ personId: ben })]);
    expect((await store.people.export(ada, 1)).observations).toEqual([]);
  });

  test('forgets one, and finds people of whom nothing else is left', async ({ store, other }) => {
    await store.matching.save(observation());
    await store.matching.save(observation({ personId: ben }));
    await other.matching.forget(ben, talk, 'maren-voss');
    expect(await store.matching.observations(10)).toEqual([observation()]);
    expect(await store.people.list('web:', 10)).toEqual([ada]);
  });

  test('keeps an observation when only the conversation goes', async ({ store, other }) => {
    await store.sessions.create(session(), []);
    await store.matching.save(observation());
    await store.sessions.remove(talk);
    expect(await other.matching.observations(10)).toEqual([observation()]);
  });
};
