import { expect } from 'vitest';
import { sessionId } from '../../../src/ids.js';
import type { ContractTest } from '../store-contract.js';
import { ada, ids, memory, session, talk } from './samples.js';

const second = sessionId('web:second');
const waits = { entry: 'm1', by: 'rules', open: 'proposed' } as const;

/** Conversations that are read for facts, and what was read (issue 15 §2). */
export const readingTests: ContractTest = (test) => {
  test('finds what has been quiet, the longest first, and gives it to one process', async ({
    store,
    other,
  }) => {
    await store.reading.note(talk, 200);
    await store.reading.note(second, 100);
    expect(await other.reading.quiet(100, 10)).toEqual([]);
    expect(await other.reading.quiet(201, 10)).toEqual([second, talk]);
    expect(await other.reading.quiet(201, 1)).toEqual([second]);
    await store.reading.note(second, 300);
    expect(await other.reading.quiet(201, 10)).toEqual([talk]);
    expect(await other.reading.take(second, 201, 900)).toBe(false);
    const took = await Promise.all([store.reading.take(talk, 201, 900), other.reading.take(talk, 201, 900)]);
    expect(took.sort()).toEqual([false, true]);
    expect(await store.reading.quiet(201, 10)).toEqual([]);
    expect(await store.reading.quiet(901, 10)).toEqual([second, talk]);
    await store.reading.done(talk, 900);
    expect(await other.reading.quiet(901, 10)).toEqual([second]);
  });

  test('keeps what was written in while it was read, and what was never finished', async ({ store }) => {
    await store.reading.note(talk, 100);
    expect(await store.reading.take(talk, 101, 900)).toBe(true);
    await store.reading.note(talk, 500);
    await store.reading.done(talk, 900);
    expect(await store.reading.quiet(1_000, 10)).toEqual([talk]);
  });

  test('goes with the conversation, with the person and with time', async ({ store, other }) => {
    const forget = [
      () => other.sessions.remove(talk),
      () => other.people.erase(ada),
      () => other.expire({ lines: 1_000 }),
    ];
    for (const gone of forget) {
      await store.sessions.create(session({ updatedAt: 10 }), []);
      await store.reading.note(talk, 100);
      await gone();
      expect(await store.reading.quiet(1_000, 10)).toEqual([]);
    }
  });

  test('keeps proposals apart from what counts, and exports and erases both', async ({ store, other }) => {
    await store.people.addMemory(memory('a'));
    const proposed = memory('b', { at: 20, sessionId: talk, source: waits });
    await store.people.addMemory(proposed);
    expect(ids(await other.people.memories(ada))).toEqual(['a']);
    expect(await other.people.proposals(ada)).toEqual([proposed]);
    const exported = await other.people.export(ada, 1);
    expect([ids(exported.memories), ids(exported.proposals)]).toEqual([['a'], ['b']]);
    await store.people.addMemory({ ...proposed, source: { entry: 'm1', by: 'rules' } });
    expect(ids(await other.people.memories(ada))).toEqual(['a', 'b']);
    expect(await other.people.proposals(ada)).toEqual([]);
    await store.people.addMemory(proposed);
    expect(await other.people.removeMemory(ada, 'b')).toBe(true);
    await store.people.addMemory(proposed);
    expect((await other.people.erase(ada)).memories).toBe(2);
    expect(await store.people.proposals(ada)).toEqual([]);
  });

  test('what was read in old lines and never confirmed goes with them', async ({ store, other }) => {
    await store.people.addMemory(memory('asked', { at: 5 }));
    await store.people.addMemory(memory('kept', { at: 5, source: { entry: 'm', by: 'rules' } }));
    await store.people.addMemory(memory('old', { at: 5, source: waits }));
    await store.people.addMemory(memory('counts', { at: 6, source: { ...waits, open: 'counts' } }));
    await store.people.addMemory(memory('new', { at: 500, source: waits }));
    expect((await other.expire({ lines: 100 })).memories).toBe(2);
    expect(ids(await store.people.memories(ada))).toEqual(['asked', 'kept']);
    expect(ids(await store.people.proposals(ada))).toEqual(['new']);
  });

  test('how far a conversation was read may change outside a turn', async ({ store, other }) => {
    await store.sessions.create(session(), []);
    await other.sessions.update(talk, { factsRead: 77, forgotten: ['m'] });
    expect(await store.sessions.get(talk)).toMatchObject({ factsRead: 77, forgotten: ['m'] });
  });
};
