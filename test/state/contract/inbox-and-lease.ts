import { expect } from 'vitest';
import { messageId, sessionId } from '../../../src/ids.js';
import type { ContractTest } from '../store-contract.js';
import { ids, leaseOf, message, segment, talk, thread, turn } from './samples.js';

const day = 24 * 60 * 60 * 1000;

export const inboxTests: ContractTest = (test) => {
  test('records a message once and gives it back as it came', async ({ store, other }) => {
    const sent = message('m1', { text: 'a\nb\u0000 "ü" 🙂 \ud800', characterId: 'maren-voss', shared: true });
    expect(await store.inbox.record(sent)).toBe('recorded');
    expect(await store.inbox.record(sent)).toBe('duplicate');
    expect(await other.inbox.record(sent)).toBe('duplicate');
    expect(await other.inbox.count(talk)).toBe(1);
    expect(await other.inbox.pending(await leaseOf(other))).toEqual([sent]);
  });

  test('knows message ids by session', async ({ store }) => {
    await store.inbox.record(message('m1'));
    expect(await store.inbox.record(message('m1', { sessionId: thread }))).toBe('recorded');
    expect(await store.inbox.count(thread)).toBe(1);
  });

  test('keeps the order of recording and leaves messages in place', async ({ store }) => {
    for (let i = 1; i <= 12; i += 1) await store.inbox.record(message(`m${i}`, { at: 100 - i }));
    const lease = await leaseOf(store);
    const expected = Array.from({ length: 12 }, (_, i) => `m${i + 1}`);
    expect(ids(await store.inbox.pending(lease))).toEqual(expected);
    expect(ids(await store.inbox.pending(lease))).toEqual(expected);
  });

  test('F.1: shows what waits to whoever holds no lease, in order, until it is answered', async ({
    store,
    other,
  }) => {
    const sent = [message('m2', { text: 'a\nb "ü"' }), message('m1')];
    for (const one of sent) await store.inbox.record(one);
    const lease = await leaseOf(store);
    expect(await other.inbox.waiting(talk)).toEqual(sent);
    expect(await other.inbox.waiting(thread)).toEqual([]);
    await store.sessions.commit(lease, turn({ consumed: [messageId('m2')] }));
    expect(ids(await other.inbox.waiting(talk))).toEqual(['m1']);
  });

  test('remembers a message for 24 h, also after it was answered', async ({ store, clock }) => {
    await store.inbox.record(message('m1'));
    const lease = await leaseOf(store);
    await store.sessions.commit(lease, turn({ consumed: [messageId('m1')] }));
    expect(await store.inbox.count(talk)).toBe(0);
    await clock.advance(day - 1);
    expect(await store.inbox.record(message('m1'))).toBe('duplicate');
    await clock.advance(1);
    expect(await store.inbox.record(message('m1'))).toBe('recorded');
  });

  test('takes a message that has waited for more than a day only once', async ({ store, clock }) => {
    await store.inbox.record(message('m1'));
    await clock.advance(3 * day);
    expect(await store.inbox.record(message('m1'))).toBe('duplicate');
    expect(await store.inbox.count(talk)).toBe(1);
  });

  test('replaces the text of a message that waits, and of no other', async ({ store, other }) => {
    await store.inbox.record(message('m1'));
    await store.inbox.record(message('m2'));
    expect(await other.inbox.amend(talk, messageId('m1'), 'a\nb "ü"')).toBe(true);
    const lease = await leaseOf(store);
    expect(await store.inbox.pending(lease)).toEqual([message('m1', { text: 'a\nb "ü"' }), message('m2')]);
    await store.sessions.commit(lease, turn({ consumed: [messageId('m1')] }));
    expect(await other.inbox.amend(talk, messageId('m1'), 'later')).toBe(false);
    expect(await other.inbox.amend(thread, messageId('m2'), 'elsewhere')).toBe(false);
    expect(await store.inbox.pending(lease)).toEqual([message('m2')]);
  });

  test('takes a waiting message away for good, unless the reply to it is on its way', async ({
    store,
    other,
  }) => {
    await store.inbox.record(message('m1'));
    await store.inbox.record(message('m2'));
    expect(await other.inbox.withdraw(talk, messageId('m1'))).toBe(true);
    expect(await other.inbox.withdraw(talk, messageId('m1'))).toBe(false);
    expect(await store.inbox.record(message('m1'))).toBe('duplicate');
    const lease = await leaseOf(store);
    expect(ids(await store.inbox.pending(lease))).toEqual(['m2']);
    await store.inbox.record(message('m3'));
    await store.outbox.intend(lease, segment(0, { covers: [messageId('m2')] }));
    expect(await other.inbox.withdraw(talk, messageId('m2'))).toBe(false);
    expect(await other.inbox.withdraw(talk, messageId('m3'))).toBe(true);
    expect(await store.inbox.count(talk)).toBe(1);
  });

  test('records from two processes at once, each message once', async ({ store, other }) => {
    const sent = Array.from({ length: 20 }, (_, i) => message(`m${i}`));
    const outcomes = await Promise.all(
      sent.flatMap((one) => [store.inbox.record(one), other.inbox.record(one)]),
    );
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(20);
    expect(await store.inbox.count(talk)).toBe(20);
  });
};

export const leaseTests: ContractTest = (test) => {
  test('gives a session to one holder at a time, with a growing fence', async ({ store, other, clock }) => {
    const first = await store.lease.acquire(talk, 'one', 1000);
    expect(first).toMatchObject({ sessionId: talk, holder: 'one' });
    expect(await other.lease.acquire(talk, 'two', 1000)).toBeNull();
    expect(await other.lease.acquire(thread, 'two', 1000)).not.toBeNull();
    await clock.advance(1000);
    const second = await other.lease.acquire(talk, 'two', 1000);
    expect(second?.fence).toBeGreaterThan(first?.fence ?? Number.POSITIVE_INFINITY);
    expect(await store.lease.acquire(talk, 'one', 1000)).toBeNull();
  });

  test('a heartbeat keeps it', async ({ store, other, clock }) => {
    const lease = await leaseOf(store);
    for (let i = 0; i < 5; i += 1) {
      await clock.advance(20_000);
      expect(await store.lease.renew(lease, 30_000)).toBe(true);
    }
    expect(await other.lease.acquire(talk, 'two', 1000)).toBeNull();
  });

  test('one that ran out still holds until somebody takes it', async ({ store, other, clock }) => {
    const lease = await leaseOf(store);
    await clock.advance(31_000);
    expect(await store.lease.renew(lease, 30_000)).toBe(true);
    await clock.advance(31_000);
    await leaseOf(other, talk, 'two');
    expect(await store.lease.renew(lease, 30_000)).toBe(false);
    expect(await store.lease.releaseIfInboxEmpty(lease)).toBe('lost');
  });

  test('its holder may take it anew, which ends the old one', async ({ store }) => {
    const before = await leaseOf(store);
    const after = await leaseOf(store);
    expect(after.fence).toBeGreaterThan(before.fence);
    expect(await store.lease.renew(before, 1000)).toBe(false);
    expect(await store.lease.renew(after, 1000)).toBe(true);
  });

  test('is released only when the inbox is empty', async ({ store, other }) => {
    await store.inbox.record(message('m1'));
    const lease = await leaseOf(store);
    expect(await store.lease.releaseIfInboxEmpty(lease)).toBe('kept');
    expect(await other.lease.acquire(talk, 'two', 1000)).toBeNull();
    await store.sessions.commit(lease, turn({ consumed: [messageId('m1')] }));
    expect(await store.lease.releaseIfInboxEmpty(lease)).toBe('released');
    expect(await store.lease.releaseIfInboxEmpty(lease)).toBe('lost');
    expect(await other.lease.acquire(talk, 'two', 1000)).not.toBeNull();
  });

  test('can be given back although messages wait', async ({ store, other }) => {
    await store.inbox.record(message('m1'));
    const lease = await leaseOf(store);
    await store.lease.release(lease);
    const next = await leaseOf(other, talk, 'two');
    expect(ids(await other.inbox.pending(next))).toEqual(['m1']);
    await store.lease.release(lease);
    expect(await other.lease.renew(next, 1000)).toBe(true);
  });

  test('a released lease writes and reads nothing more', async ({ store }) => {
    await store.inbox.record(message('m1'));
    const lease = await leaseOf(store);
    await store.lease.release(lease);
    const lost = { code: 'RAPPORT_E_LEASE_LOST' };
    await expect(store.inbox.pending(lease)).rejects.toMatchObject(lost);
    await expect(store.sessions.commit(lease, turn({ consumed: [messageId('m1')] }))).rejects.toMatchObject(
      lost,
    );
    expect(await store.inbox.count(talk)).toBe(1);
  });

  test('two holders at once: one gets it', async ({ store, other }) => {
    for (let i = 0; i < 10; i += 1) {
      const id = sessionId(`s${i}`);
      const got = await Promise.all([
        store.lease.acquire(id, 'one', 9000),
        other.lease.acquire(id, 'two', 9000),
      ]);
      expect(got.filter((lease) => lease !== null)).toHaveLength(1);
    }
  });

  test('a message that comes while the lease is released is never stranded', async ({ store, other }) => {
    for (let i = 0; i < 30; i += 1) {
      const lease = await leaseOf(store);
      const [outcome] = await Promise.all([
        store.lease.releaseIfInboxEmpty(lease),
        other.inbox.record(message(`m${i}`)),
      ]);
      expect(['kept', 'released']).toContain(outcome);
      expect(await store.recoverable()).toEqual([talk]);
      const next = outcome === 'kept' ? lease : await leaseOf(other, talk, 'two');
      expect(ids(await other.inbox.pending(next))).toEqual([`m${i}`]);
      await other.sessions.commit(next, turn({ consumed: [messageId(`m${i}`)] }));
      expect(await other.lease.releaseIfInboxEmpty(next)).toBe('released');
    }
  });
};
