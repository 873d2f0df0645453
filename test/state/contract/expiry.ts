import { expect } from 'vitest';
import { messageId, sessionId } from '../../../src/ids.js';
import { saveProfile } from '../../doubles/save-profile.js';
import type { ContractTest } from '../store-contract.js';
import {
  ada,
  ben,
  ids,
  leaseOf,
  line,
  memory,
  message,
  segment,
  session,
  talk,
  thread,
  turn,
} from './samples.js';

const none = { sessions: 0, entries: 0, memories: 0, personas: 0, unreadable: 0 };
const old = sessionId('web:old');
const waiting = sessionId('web:waiting');
const sending = sessionId('web:sending');

/** What is older than it is kept (issue 13 §4). */
export const expiryTests: ContractTest = (test) => {
  test('takes conversations and lines that are older, and leaves what waits or is sent', async ({
    store,
    other,
  }) => {
    await store.sessions.create(session({ updatedAt: 1_000 }), [
      line('a', { at: 10 }),
      line('b', { at: 99 }),
      line('c', { at: 100 }),
      line('d', { at: 5 }),
    ]);
    await store.sessions.create(session({ id: old, updatedAt: 99 }), [line('e', { at: 98 })]);
    await store.sessions.create(session({ id: waiting, updatedAt: 99 }), []);
    await store.inbox.record(message('m1', { sessionId: waiting }));
    await store.sessions.create(session({ id: sending, updatedAt: 99 }), []);
    await store.outbox.intend(await leaseOf(store, sending), segment(0, { sessionId: sending }));
    await store.sessions.create(session({ id: thread, ownerId: ben, updatedAt: 100 }), []);
    expect(await other.expire({ lines: 100 })).toEqual({ ...none, sessions: 1, entries: 3 });
    expect(await store.sessions.get(old)).toBeNull();
    expect(await store.sessions.get(thread)).not.toBeNull();
    // In the order they were said: what came later is not older.
    expect(ids((await store.transcript.page(talk, { limit: 9 })).entries)).toEqual(['c', 'd']);
    expect(ids(await store.sessions.list(ada, { limit: 9, offset: 0 })).sort()).toEqual(
      [talk, waiting, sending].sort(),
    );
    expect(await store.inbox.count(waiting)).toBe(1);
    expect(await other.expire({ lines: 100 })).toEqual(none);
    // The conversation goes on, and its next line comes last.
    await store.sessions.commit(
      await leaseOf(store),
      turn({ entries: [line('f', { at: 101 })], consumed: [messageId('x')] }),
    );
    expect(ids((await store.transcript.page(talk, { limit: 9 })).entries)).toEqual(['c', 'd', 'f']);
  });

  test('takes many more than one step does', async ({ store }) => {
    for (let n = 0; n < 120; n += 1)
      await store.sessions.create(session({ id: sessionId(`web:${n}`), updatedAt: n }), []);
    expect(await store.expire({ lines: 110 })).toMatchObject({ sessions: 110 });
    expect(await store.sessions.list(ada, { limit: 99, offset: 0 })).toHaveLength(10);
  });

  test('takes all of a long conversation that is older, in one go', async ({ store }) => {
    const lines = Array.from({ length: 180 }, (_, at) => line(`l${at}`, { at }));
    await store.sessions.create(session({ updatedAt: 1_000 }), lines);
    await store.sessions.create(session({ id: thread, updatedAt: 1_000 }), lines);
    expect(await store.expire({ lines: 175 })).toEqual({ ...none, entries: 350 });
    for (const id of [talk, thread])
      expect(ids((await store.transcript.page(id, { limit: 200 })).entries)).toEqual([
        'l175',
        'l176',
        'l177',
        'l178',
        'l179',
      ]);
  });

  test('takes nothing more once it is to end', async ({ store }) => {
    await store.sessions.create(session({ updatedAt: 99 }), [line('a', { at: 10 })]);
    expect(await store.expire({ lines: 100, facts: 100, personas: 100 }, AbortSignal.abort())).toEqual(none);
    expect(await store.sessions.get(talk)).not.toBeNull();
  });

  test('takes facts, personas and observations that are older, each where it is asked for', async ({
    store,
  }) => {
    const persona = { personId: ada, persona: { facts: ['f'] }, createdAt: 1, updatedAt: 50, paused: false };
    const saved = async (): Promise<unknown[]> => [
      ids(await store.people.memories(ada)),
      await store.people.profile(ada),
      (await store.matching.observations(9)).map(({ at }) => at),
      (await store.people.profile(ben))?.paused,
    ];
    await store.people.addMemory(memory('a', { at: 50 }));
    await store.people.addMemory(memory('b', { at: 60 }));
    await saveProfile(store, persona);
    await saveProfile(store, { ...persona, personId: ben, paused: true });
    for (const at of [50, 60])
      await store.matching.save({
        ...{ personId: ada, sessionId: sessionId(`web:${at}`), characterId: 'maren-voss', at },
        ...{ scores: {}, ratings: 0 },
      } as unknown as Parameters<typeof store.matching.save>[0]);
    await store.expire({});
    expect(await saved()).toEqual([['a', 'b'], persona, [60, 50], true]);
    expect(await store.expire({ facts: 60 })).toEqual({ ...none, memories: 1 });
    expect(await saved()).toEqual([['b'], persona, [60, 50], true]);
    expect(await store.expire({ personas: 60 })).toMatchObject({ personas: 2 });
    expect(await saved()).toEqual([['b'], null, [60, 50], true]);
    await store.expire({ lines: 60 });
    expect(await saved()).toEqual([['b'], null, [60], true]);
    expect((await store.people.profile(ben))?.persona).toEqual({ facts: [] });
  });

  test('keeps that somebody is under 18, and nothing else of their persona', async ({ store }) => {
    const persona = { facts: ['f'], name: 'Ada', age: 15, worry: 'w' };
    await saveProfile(store, {
      ...{ personId: ada, persona, ageAt: 40, createdAt: 1, updatedAt: 50, paused: false },
    });
    expect(await store.expire({ personas: 60 })).toMatchObject({ personas: 1 });
    expect(await store.people.profile(ada)).toMatchObject({ persona: { facts: [], age: 15 }, ageAt: 40 });
    expect((await store.people.profile(ada))?.persona).toEqual({ facts: [], age: 15 });
    expect(await store.expire({ personas: 60 })).toMatchObject({ personas: 0 });
  });
};
