import { expect } from 'vitest';
import { sessionId, turnId } from '../../../src/ids.js';
import type { ContractTest } from '../store-contract.js';
import { ids, leaseOf, line, message, reply, segment, session, talk, thread, turn } from './samples.js';

export const transcriptTests: ContractTest = (test) => {
  test('finds entries by their ids', async ({ store, other }) => {
    await store.sessions.create(session(), [line('a'), reply('b'), line('c')]);
    await store.transcript.feedback(talk, 'b', 'up');
    const found = await other.transcript.find(talk, ['b', 'a', 'zzz', 'b']);
    expect(ids(found).sort()).toEqual(['a', 'b']);
    expect(found.find(({ id }) => id === 'b')).toMatchObject({ feedback: 'up', text: 'text of b' });
    expect(await other.transcript.find(talk, [])).toEqual([]);
    expect(await other.transcript.find(sessionId('web:none'), ['a'])).toEqual([]);
  });

  const seven = Array.from({ length: 7 }, (_, i) => line(`e${i}`));

  test('pages backwards to the beginning', async ({ store }) => {
    await store.sessions.create(session(), seven);
    const last = await store.transcript.page(talk, { limit: 3 });
    expect(ids(last.entries)).toEqual(['e4', 'e5', 'e6']);
    const middle = await store.transcript.page(talk, { limit: 3, before: last.before ?? -1 });
    expect(ids(middle.entries)).toEqual(['e1', 'e2', 'e3']);
    const first = await store.transcript.page(talk, { limit: 3, before: middle.before ?? -1 });
    expect(first).toEqual({ entries: [line('e0')], before: null });
    expect((await store.transcript.page(talk, { limit: 7 })).before).toBeNull();
    expect(await store.transcript.page(thread, { limit: 3 })).toEqual({ entries: [], before: null });
  });

  test('a cursor stays true while entries are added', async ({ store }) => {
    await store.sessions.create(session(), seven);
    const { before } = await store.transcript.page(talk, { limit: 3 });
    await store.sessions.commit(await leaseOf(store), turn({ entries: [line('e7')] }));
    const page = await store.transcript.page(talk, { limit: 3, before: before ?? -1 });
    expect(ids(page.entries)).toEqual(['e1', 'e2', 'e3']);
  });

  test('keeps to the cap, the oldest go', { transcriptCap: 5 }, async ({ store }) => {
    await store.sessions.create(session(), seven);
    const all = async () => ids((await store.transcript.page(talk, { limit: 99 })).entries);
    expect(await all()).toEqual(['e2', 'e3', 'e4', 'e5', 'e6']);
    const lease = await leaseOf(store);
    await store.sessions.commit(lease, turn({ entries: [line('e7'), reply('e8')] }));
    expect(await all()).toEqual(['e4', 'e5', 'e6', 'e7', 'e8']);
    await store.sessions.commit(
      lease,
      turn({ removeEntries: ['e5'], entries: [line('e4', { text: 'new' })] }),
    );
    expect(await all()).toEqual(['e4', 'e6', 'e7', 'e8']);
    await store.sessions.commit(lease, turn({ entries: [line('e9')] }));
    expect(await all()).toEqual(['e4', 'e6', 'e7', 'e8', 'e9']);
  });

  test('an entry with a known id is replaced in place', async ({ store }) => {
    await store.sessions.create(session(), [line('m1'), reply('r1'), line('m2')]);
    await store.transcript.feedback(talk, 'r1', 'down');
    const better = reply('r1', { text: 'better', status: 'interrupted' });
    await store.sessions.commit(await leaseOf(store), turn({ entries: [better, reply('r2')] }));
    const { entries } = await store.transcript.page(talk, { limit: 9 });
    expect(entries).toEqual([line('m1'), better, line('m2'), reply('r2')]);
  });

  test('takes feedback on replies only', async ({ store, other }) => {
    await store.sessions.create(session(), [line('m1'), reply('r1'), reply('r2', { feedback: 'up' })]);
    expect(await store.transcript.feedback(talk, 'r1', 'up')).toBe(true);
    expect(await store.transcript.feedback(talk, 'r1', 'down')).toBe(true);
    expect(await store.transcript.feedback(talk, 'm1', 'up')).toBe(false);
    expect(await store.transcript.feedback(talk, 'none', 'up')).toBe(false);
    expect(await store.transcript.feedback(thread, 'r1', 'up')).toBe(false);
    const { entries } = await other.transcript.page(talk, { limit: 9 });
    expect(entries).toEqual([line('m1'), reply('r1', { feedback: 'down' }), reply('r2', { feedback: 'up' })]);
    expect(await store.transcript.feedback(talk, 'r1', null)).toBe(true);
    expect((await other.transcript.page(talk, { limit: 9 })).entries[1]).toEqual(reply('r1'));
  });
};

export const outboxTests: ContractTest = (test) => {
  const receipt = { platformMessageId: 'p-7', at: 77 };

  test('intent, rewrite, receipt: in order of turn and segment', async ({ store, other }) => {
    const lease = await leaseOf(store);
    const tenth = segment(0, { turnId: turnId(talk, 10) });
    await store.outbox.intend(lease, tenth);
    for (const n of [2, 0, 1, 10]) await store.outbox.intend(lease, segment(n, { turnId: turnId(talk, 9) }));
    const ninth = (n: number, change = {}) => segment(n, { turnId: turnId(talk, 9), ...change });
    await store.outbox.receipt(turnId(talk, 9), 1, receipt);
    await store.outbox.intend(lease, ninth(1, { text: 'whole', final: true }));
    expect(await other.outbox.pending(talk)).toEqual([
      ninth(0),
      ninth(1, { text: 'whole', final: true, receipt }),
      ninth(2),
      ninth(10),
      tenth,
    ]);
    expect(await other.outbox.pending(thread)).toEqual([]);
  });

  test('a stored receipt is kept, a given one is taken', async ({ store }) => {
    const lease = await leaseOf(store);
    await store.outbox.intend(lease, segment(0, { receipt }));
    await store.outbox.intend(lease, segment(0, { receipt: { platformMessageId: 'later', at: 99 } }));
    await store.outbox.intend(lease, segment(0));
    expect(await store.outbox.pending(talk)).toEqual([segment(0, { receipt })]);
  });

  test('a receipt needs no lease, and a late one adds nothing', async ({ store, other, clock }) => {
    const lease = await leaseOf(store);
    await store.outbox.intend(lease, segment(0));
    await clock.advance(60_000);
    const next = await leaseOf(other, talk, 'two');
    await store.outbox.receipt(turnId(talk, 1), 0, receipt);
    expect(await other.outbox.pending(talk)).toEqual([segment(0, { receipt })]);
    await other.sessions.commit(next, turn());
    await store.outbox.receipt(turnId(talk, 1), 0, receipt);
    expect(await other.outbox.pending(talk)).toEqual([]);
  });

  test('settling turn 1 leaves turn 11 alone', async ({ store }) => {
    const lease = await leaseOf(store);
    const eleventh = segment(0, { turnId: turnId(talk, 11) });
    await store.outbox.intend(lease, segment(0));
    await store.outbox.intend(lease, eleventh);
    await store.sessions.commit(lease, turn());
    expect(await store.outbox.pending(talk)).toEqual([eleventh]);
  });

  test('sessions with work are recoverable, others are not', async ({ store, other }) => {
    expect(await store.recoverable()).toEqual([]);
    await store.inbox.record(message('m1'));
    await store.outbox.intend(await leaseOf(store, thread), segment(0, { sessionId: thread }));
    await store.sessions.create(session(), []);
    expect(await other.recoverable()).toEqual([thread, talk].sort());
    await store.sessions.commit(await leaseOf(store), turn({ consumed: [message('m1').id] }));
    expect(await other.recoverable()).toEqual([thread]);
  });
};
