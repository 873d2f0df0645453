import { expect } from 'vitest';
import { messageId, personId, sessionId, turnId } from '../../../src/ids.js';
import type { ContractTest } from '../store-contract.js';
import {
  ada,
  ben,
  ids,
  leaseOf,
  line,
  message,
  reply,
  segment,
  session,
  talk,
  thread,
  turn,
} from './samples.js';

const lost = { code: 'RAPPORT_E_LEASE_LOST' };

export const sessionTests: ContractTest = (test) => {
  test('creates a session once and gives it back as it was', async ({ store, other }) => {
    const state = session({ offeredCharacterId: 'walter', ephemeral: true, title: '' });
    expect(await store.sessions.get(talk)).toBeNull();
    expect(await store.sessions.create(state, [line('m1'), reply('r1')])).toBe(true);
    expect(await other.sessions.create(session({ title: 'second' }), [line('m2')])).toBe(false);
    expect(await other.sessions.get(talk)).toEqual(state);
    expect((await other.transcript.page(talk, { limit: 9 })).entries).toEqual([line('m1'), reply('r1')]);
  });

  test('knows when somebody was told that this is an AI, also where they are to be told again', async ({
    store,
    other,
  }) => {
    await store.sessions.create(session({ disclosed: true, disclosedAt: 1_000 }), []);
    await store.sessions.update(talk, { disclosed: false });
    expect(await other.sessions.get(talk)).toMatchObject({ disclosed: false, disclosedAt: 1_000 });
  });

  test('creates under a lease only while it holds', async ({ store, other }) => {
    await store.inbox.record(message('m1'));
    const lease = await leaseOf(store);
    await other.people.erase(ada);
    await expect(store.sessions.create(session(), [], lease)).rejects.toMatchObject(lost);
    expect(await store.sessions.get(talk)).toBeNull();
    expect(await store.sessions.create(session(), [], await leaseOf(store))).toBe(true);
  });

  test('a commit changes state, transcript, inbox and outbox together', async ({ store, other }) => {
    await store.sessions.create(session({ offeredCharacterId: 'walter' }), [line('m0')]);
    await store.inbox.record(message('m1'));
    await store.inbox.record(message('m2'));
    const lease = await leaseOf(store);
    await store.outbox.intend(lease, segment(0));
    await store.outbox.intend(lease, segment(0, { turnId: turnId(talk, 2) }));
    await store.outbox.receipt(turnId(talk, 1), 0, { platformMessageId: 'p', at: 5 });
    const next = session({ turnCount: 1, title: 'New', recentAspects: ['hobby'] });
    await store.sessions.commit(lease, {
      turnId: turnId(talk, 1),
      session: next,
      entries: [line('m1'), reply('r1')],
      removeEntries: ['m0', 'never there'],
      consumed: [messageId('m1')],
    });
    expect(await other.sessions.get(talk)).toEqual(next);
    expect(ids((await other.transcript.page(talk, { limit: 9 })).entries)).toEqual(['m1', 'r1']);
    expect(ids(await other.inbox.pending(lease))).toEqual(['m2']);
    expect((await other.outbox.pending(talk)).map((one) => one.turnId)).toEqual([turnId(talk, 2)]);
  });

  test('a commit brings a session into being', async ({ store }) => {
    await store.sessions.commit(await leaseOf(store), turn({ entries: [line('m1')] }));
    expect(await store.sessions.get(talk)).toEqual(session({ turnCount: 1 }));
    expect(ids(await store.sessions.list(ada, { limit: 5, offset: 0 }))).toEqual([talk]);
  });

  test('a stale fence is refused and writes nothing', async ({ store, other, clock }) => {
    await store.sessions.create(session(), [line('m0')]);
    await store.inbox.record(message('m1'));
    const stale = await leaseOf(store);
    await store.outbox.intend(stale, segment(0));
    await clock.advance(60_000);
    const live = await leaseOf(other, talk, 'two');
    const late = turn({
      entries: [line('m1')],
      removeEntries: ['m0'],
      consumed: [messageId('m1')],
    });
    await expect(store.sessions.commit(stale, late)).rejects.toMatchObject(lost);
    await expect(store.outbox.intend(stale, segment(1))).rejects.toMatchObject(lost);
    await expect(store.outbox.intend(stale, segment(0, { text: 'late' }))).rejects.toMatchObject(lost);
    await expect(store.inbox.pending(stale)).rejects.toMatchObject(lost);
    await store.lease.release(stale);
    expect(await other.sessions.get(talk)).toEqual(session());
    expect(ids((await other.transcript.page(talk, { limit: 9 })).entries)).toEqual(['m0']);
    expect(await other.outbox.pending(talk)).toEqual([segment(0)]);
    expect(ids(await other.inbox.pending(live))).toEqual(['m1']);
  });

  test('a lease of one session writes no other', async ({ store }) => {
    const lease = await leaseOf(store);
    await expect(
      store.sessions.commit(lease, turn({ session: session({ id: thread }) })),
    ).rejects.toMatchObject(lost);
    expect(await store.sessions.get(thread)).toBeNull();
  });

  test('updates single fields', async ({ store, other }) => {
    expect(await store.sessions.update(talk, { title: 'x' })).toBeNull();
    await store.sessions.create(session({ offeredCharacterId: 'walter' }), []);
    await Promise.all([
      store.sessions.update(talk, { title: 'Renamed', disclosed: true, style: { attitude: 'optimistic' } }),
      other.sessions.update(talk, { steering: { sticky: 'hope', queue: [] }, offeredCharacterId: null }),
    ]);
    const steering = { sticky: 'hope', queue: [] };
    const style = { attitude: 'optimistic' };
    const expected = session({ title: 'Renamed', disclosed: true, steering, style });
    expect(await store.sessions.get(talk)).toEqual(expected);
    expect(await store.sessions.update(talk, {})).toEqual(expected);
    expect(await other.sessions.update(talk, { style: {} })).toEqual({ ...expected, style: {} });
  });

  test('a change made while a turn runs outlives its commit, once', async ({ store, other }) => {
    await store.sessions.create(session({ offeredCharacterId: 'walter' }), []);
    const lease = await leaseOf(store);
    const steering = { sticky: 'hope', queue: [] };
    const style = { attitude: 'pessimistic' };
    await other.sessions.update(talk, { steering, style, offeredCharacterId: null });
    await store.sessions.commit(
      lease,
      turn({ session: session({ turnCount: 1, title: 'By the turn', offeredCharacterId: 'walter' }) }),
    );
    expect(await store.sessions.get(talk)).toEqual(
      session({ turnCount: 1, title: 'By the turn', steering, style }),
    );
    await store.sessions.commit(lease, turn({ session: session({ turnCount: 2 }) }));
    expect(await store.sessions.get(talk)).toEqual(session({ turnCount: 2 }));
  });

  test('a change made before the turn does not bind it', async ({ store }) => {
    await store.sessions.create(session(), []);
    await store.sessions.update(talk, { title: 'Before' });
    const lease = await leaseOf(store);
    await store.sessions.commit(lease, turn());
    expect(await store.sessions.get(talk)).toEqual(session({ turnCount: 1 }));
  });

  test("lists the owner's sessions, latest first, in pages", async ({ store }) => {
    for (let i = 1; i <= 5; i += 1)
      await store.sessions.create(
        session({ id: sessionId(`s${i}`), updatedAt: 100 + i, title: `t${i}` }),
        [],
      );
    await store.sessions.create(session({ id: thread, ownerId: ben }), [line('m1')]);
    const moved = sessionId('s2');
    const lease = await leaseOf(store, moved);
    await store.sessions.commit(
      lease,
      turn({ session: session({ id: moved, updatedAt: 200, turnCount: 3 }) }),
    );
    const page = (limit: number, offset: number) => store.sessions.list(ada, { limit, offset });
    expect(ids(await page(10, 0))).toEqual(['s2', 's5', 's4', 's3', 's1']);
    expect(ids(await page(2, 1))).toEqual(['s5', 's4']);
    expect(await page(5, 5)).toEqual([]);
    expect(await page(1, 0)).toEqual([
      { id: moved, characterId: 'maren-voss', title: 'On moving', updatedAt: 200, turnCount: 3 },
    ]);
    expect(await store.sessions.list(personId('web:nobody'), { limit: 5, offset: 0 })).toEqual([]);
  });

  test('removes everything of a session', async ({ store, other }) => {
    expect(await store.sessions.remove(talk)).toBe(false);
    await store.sessions.create(session(), [line('m0'), reply('r0')]);
    await store.transcript.feedback(talk, 'r0', 'up');
    await store.inbox.record(message('m1'));
    await store.outbox.intend(await leaseOf(store), segment(0));
    expect(await store.sessions.remove(talk)).toBe(true);
    expect(await other.sessions.get(talk)).toBeNull();
    expect(await other.transcript.page(talk, { limit: 9 })).toEqual({ entries: [], before: null });
    expect(await other.inbox.count(talk)).toBe(0);
    expect(await other.outbox.pending(talk)).toEqual([]);
    expect(await other.sessions.list(ada, { limit: 9, offset: 0 })).toEqual([]);
    expect(await other.recoverable()).toEqual([]);
    expect(await store.sessions.remove(talk)).toBe(false);
  });

  test('a running turn cannot bring a removed session back', async ({ store, other }) => {
    await store.sessions.create(session(), []);
    await store.inbox.record(message('m1'));
    const running = await leaseOf(store);
    await other.sessions.remove(talk);
    await expect(store.sessions.commit(running, turn({ entries: [line('m1')] }))).rejects.toMatchObject(lost);
    await expect(store.outbox.intend(running, segment(0))).rejects.toMatchObject(lost);
    expect(await store.lease.renew(running, 1000)).toBe(false);
    await store.outbox.receipt(turnId(talk, 1), 0, { platformMessageId: 'p', at: 5 });
    expect(await store.sessions.update(talk, { title: 'x' })).toBeNull();
    expect(await store.sessions.get(talk)).toBeNull();
    expect(await store.outbox.pending(talk)).toEqual([]);
    const after = await leaseOf(other, talk, 'two');
    expect(after.fence).toBeGreaterThan(running.fence);
  });

  test('a late duplicate does not bring a removed session back', async ({ store }) => {
    await store.inbox.record(message('m1'));
    await store.sessions.remove(talk);
    expect(await store.inbox.record(message('m1'))).toBe('duplicate');
    expect(await store.recoverable()).toEqual([]);
  });
};
