import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepFeedback } from '../../src/commands/feedback.js';
import { turnId } from '../../src/ids.js';
import type { MatchObservation } from '../../src/matching/match-observation.js';
import { observeTurn } from '../../src/session/observe-match.js';
import type { SessionState, TranscriptEntry } from '../../src/state/session.js';
import { type CommandSetting, openSetting } from '../commands/setting.js';
import { saveProfile } from '../doubles/save-profile.js';
import { line, reply, session as sample } from '../state/contract/samples.js';
import { ada, bank, talk } from './world.js';

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
});
afterEach(() => setting.dispose());

const character = 'kwabena-asiedu';
const answer = (n: number, mood?: number): TranscriptEntry => ({
  ...reply(`r${n}`, { turnId: turnId(talk, n) }),
  trace: {
    stages: [{ stage: 'emotion', ms: 1, decision: { ...(mood !== undefined && { mood }) } }],
    totalMs: 1,
  },
});

/** A conversation of Ada's with so many turns. */
async function conversation(turnCount: number, change: Partial<SessionState> = {}): Promise<SessionState> {
  const state = sample({ id: talk, ownerId: ada, characterId: character, turnCount, ...change });
  await setting.services.store.sessions.create(state, [
    line('m1', { personId: ada, text: 'I failed my exam and I told nobody.' }),
    answer(1, 1),
    answer(2, 4),
  ]);
  return state;
}
const observation = (): Promise<MatchObservation | null> =>
  setting.services.store.matching.observation(ada, talk, character);

describe('feedback on a reply', () => {
  it('becomes an observation of the match, with the facets of what the person has said', async () => {
    const { services } = setting;
    await conversation(2);
    expect(await keepFeedback(services, talk, 'r1', 'up')).toBe(true);
    expect(await keepFeedback(services, talk, 'r2', 'down')).toBe(true);
    const found = await observation();
    expect(found).toMatchObject({
      personId: ada,
      characterId: character,
      scorer: services.scorer.kind,
      votes: { r1: 'up', r2: 'down' },
      continued: false,
    });
    const [best] = await services.scorer.rank(
      { facts: [], worry: 'I failed my exam and I told nobody.' },
      bank.all,
      1,
    );
    expect(best?.character.id).toBe(character);
    expect(found?.facets).toEqual(best?.facets);
  });

  it('is changed and taken back, while what was measured at first stays', async () => {
    const { services } = setting;
    await conversation(2);
    await keepFeedback(services, talk, 'r1', 'up');
    const first = await observation();
    await saveProfile(services.store, {
      personId: ada,
      persona: { facts: ['I like fishing'], worry: 'My dog died.' },
      createdAt: 1,
      updatedAt: 1,
      paused: false,
    });
    await keepFeedback(services, talk, 'r1', 'down');
    expect(await observation()).toEqual({ ...first, votes: { r1: 'down' } });
    await keepFeedback(services, talk, 'r1', null);
    expect(await observation()).toEqual({ ...first, votes: {} });
  });

  it('is not kept for a reply that is not there, a paused person, a call without a user, or where learning is off', async () => {
    const { services } = setting;
    const { store, config } = services;
    await conversation(2, { ephemeral: true });
    expect(await keepFeedback(services, talk, 'nothing', 'up')).toBe(false);
    await keepFeedback(services, talk, 'r1', 'up');
    expect(await store.matching.observations(9)).toEqual([]);
    await store.sessions.remove(talk);
    await conversation(2);
    const matching = { ...config.matching, learning: { ...config.matching.learning, enabled: false } };
    expect(await keepFeedback({ ...services, config: { ...config, matching } }, talk, 'r1', 'up')).toBe(true);
    await saveProfile(store, {
      personId: ada,
      persona: { facts: [] },
      createdAt: 1,
      updatedAt: 1,
      paused: true,
    });
    expect(await keepFeedback(services, talk, 'r1', 'up')).toBe(true);
    expect(await store.matching.observations(9)).toEqual([]);
  });

  it('leaves nothing of a person who is erased meanwhile', async () => {
    const { services } = setting;
    await conversation(2);
    const { store } = services;
    const slow = {
      ...services,
      store: {
        ...store,
        matching: {
          ...store.matching,
          save: async (one: MatchObservation) => {
            await store.people.erase(ada);
            await store.matching.save(one);
          },
        },
      },
    };
    await keepFeedback(slow, talk, 'r1', 'up');
    expect(await store.matching.observations(9)).toEqual([]);
  });

  it('is kept with the transcript even where it cannot be learned from', async () => {
    const { services } = setting;
    await conversation(2);
    const broken = {
      ...services,
      scorer: { kind: 'broken', rank: () => Promise.reject(new Error('no vectors')) },
    };
    expect(await keepFeedback(broken, talk, 'r1', 'up')).toBe(true);
    expect((await services.store.transcript.page(talk, { limit: 9 })).entries).toContainEqual(
      expect.objectContaining({ id: 'r1', feedback: 'up' }),
    );
    expect(await observation()).toBeNull();
  });
});

describe('the course of a conversation', () => {
  it('is looked at when it begins, every fourth turn, and not in between', async () => {
    const { services } = setting;
    const state = await conversation(1);
    await observeTurn(services, state);
    expect(await observation()).toMatchObject({ continued: false, mood: { first: 1, last: 4 } });
    await services.store.matching.forget(ada, talk, character);
    await observeTurn(services, { ...state, turnCount: 3 });
    expect(await observation()).toBeNull();
    await observeTurn(services, { ...state, turnCount: 4 });
    expect(await observation()).toMatchObject({ continued: false });
    await observeTurn(services, { ...state, turnCount: 8 });
    expect(await observation()).toMatchObject({ continued: true });
  });

  it('is an observation of its own for the character who takes over', async () => {
    const { services } = setting;
    const state = await conversation(4);
    await observeTurn(services, state);
    await observeTurn(services, { ...state, characterId: 'rin-asakura', turnCount: 8 });
    expect((await services.store.matching.observations(9)).map((one) => one.characterId).sort()).toEqual([
      character,
      'rin-asakura',
    ]);
  });
});
