import { expect } from 'vitest';
import { RapportError } from '../../../config/errors.js';
import { messageId, personId, sessionId, turnId } from '../../../src/ids.js';
import type { Profile } from '../../../src/memory/profile.js';
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
  reply,
  segment,
  session,
  talk,
  thread,
  turn,
} from './samples.js';

const lost = { code: 'RAPPORT_E_LEASE_LOST' };
const profile: Profile = {
  personId: ada,
  persona: { name: 'Ada', facts: ['I work nights in a bakery'], mbti: 'INFJ' },
  createdAt: 1,
  updatedAt: 2,
  paused: false,
};
const benSays = (id: string) => line(id, { personId: ben, speakerName: 'Ben' });
const inThread = { sessionId: thread, shared: true };
const benAsks = (id: string) => message(id, { ...inThread, personId: ben });

export const peopleTests: ContractTest = (test) => {
  test('keeps a profile', async ({ store, other }) => {
    expect(await store.people.profile(ada)).toBeNull();
    await saveProfile(store, profile);
    await saveProfile(store, { ...profile, paused: true });
    expect(await other.people.profile(ada)).toEqual({ ...profile, paused: true });
    expect(await other.people.profile(ben)).toBeNull();
  });

  test('keeps every one of many changes of a profile at once', async ({ store, other }) => {
    const at = (n: number) => ({ [`fact ${n}`]: n });
    const changes = Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? store : other).people.changeProfile(ada, (known) => ({
        ...(known ?? profile),
        factsAt: { ...known?.factsAt, ...at(n) },
        ...(n === 7 && { paused: true }),
        ...(n === 8 && { remembering: { mode: 'ask', since: 5 } }),
      })),
    );
    expect((await Promise.all(changes)).map((changed, n) => changed?.factsAt?.[`fact ${n}`])).toEqual(
      changes.map((_, n) => n),
    );
    expect(await store.people.profile(ada)).toEqual({
      ...profile,
      factsAt: Object.assign({}, ...changes.map((_, n) => at(n))),
      paused: true,
      remembering: { mode: 'ask', since: 5 },
    });
  });

  test('writes nothing where a change is none, or fails', async ({ store, other }) => {
    expect(await store.people.changeProfile(ada, () => null)).toBeNull();
    expect(await other.people.profile(ada)).toBeNull();
    expect(await store.people.changeProfile(ada, () => profile)).toEqual(profile);
    expect(await other.people.changeProfile(ada, () => null)).toBeNull();
    const fails = () => {
      throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: 'no' });
    };
    await expect(other.people.changeProfile(ada, fails)).rejects.toMatchObject({
      code: 'RAPPORT_E_ENTRY_REFUSED',
    });
    expect(await store.people.profile(ada)).toEqual(profile);
  });

  test('keeps memories, oldest first', async ({ store, other }) => {
    await store.people.addMemory(memory('b', { at: 20, sessionId: talk }));
    await store.people.addMemory(memory('a', { at: 10 }));
    await store.people.addMemory(memory('b', { at: 20, text: 'changed' }));
    await store.people.addMemory(memory('c', { personId: ben }));
    expect(await other.people.memories(ada)).toEqual([memory('a'), memory('b', { at: 20, text: 'changed' })]);
    expect(await store.people.removeMemory(ada, 'a')).toBe(true);
    expect(await store.people.removeMemory(ada, 'a')).toBe(false);
    expect(await store.people.removeMemory(ada, 'c')).toBe(false);
    expect(ids(await other.people.memories(ada))).toEqual(['b']);
  });

  test('exports all that is stored about a person and nothing of others', async ({ store, other }) => {
    await saveProfile(store, profile);
    await store.people.addMemory(memory('a'));
    const older = session({ id: sessionId('old'), updatedAt: 5 });
    await store.sessions.create(older, []);
    await store.sessions.create(session(), [line('m1'), reply('r1')]);
    await store.transcript.feedback(talk, 'r1', 'up');
    await store.sessions.create(session({ id: thread, ownerId: ben, shared: true }), [
      benSays('b1'),
      line('m2'),
    ]);
    await store.inbox.record(message('m3', inThread));
    await store.inbox.record(benAsks('b2'));
    expect(await other.people.export(ada, 42)).toEqual({
      personId: ada,
      exportedAt: 42,
      profile,
      memories: [memory('a')],
      proposals: [],
      sessions: [
        { session: session(), transcript: [line('m1'), reply('r1', { feedback: 'up' })] },
        { session: older, transcript: [] },
      ],
      sharedLines: [line('m2')],
      observations: [],
      waiting: [message('m3', inThread)],
    });
  });

  test('erases a person everywhere and leaves others alone', async ({ store, other }) => {
    await saveProfile(store, profile);
    await store.people.addMemory(memory('a'));
    await store.people.addMemory(memory('c', { personId: ben }));
    await store.sessions.create(session(), [line('m1'), reply('r1')]);
    await store.inbox.record(message('m9'));
    const shared = session({ id: thread, ownerId: ben, shared: true });
    await store.sessions.create(shared, [benSays('b1'), line('m2'), reply('r2')]);
    await store.inbox.record(message('m3', inThread));
    await store.inbox.record(benAsks('b2'));
    expect(await other.people.erase(ada)).toEqual({ sessions: 1, entries: 3, memories: 1 });
    expect(await store.people.export(ada, 1)).toEqual({
      personId: ada,
      exportedAt: 1,
      profile: null,
      memories: [],
      proposals: [],
      sessions: [],
      sharedLines: [],
      observations: [],
      waiting: [],
    });
    expect(await store.sessions.get(talk)).toBeNull();
    expect(await store.sessions.get(thread)).toEqual(shared);
    expect(ids((await store.transcript.page(thread, { limit: 9 })).entries)).toEqual(['b1', 'r2']);
    expect(ids(await store.inbox.pending(await leaseOf(store, thread)))).toEqual(['b2']);
    expect(ids(await store.people.memories(ben))).toEqual(['c']);
    expect(await store.recoverable()).toEqual([thread]);
    expect(await other.people.erase(ada)).toEqual({ sessions: 0, entries: 0, memories: 0 });
  });

  test('lists the people of a workspace, whatever is stored of them', async ({ store, other }) => {
    const of = (name: string) => personId(`slack:T*1:${name}`);
    const [cy, dee, eve, fay, gus] = [of('cy'), of('dee'), of('e{v}e'), of('fay'), of('gus')];
    await saveProfile(store, { ...profile, personId: cy });
    await store.people.addMemory(memory('a', { personId: dee }));
    await store.sessions.create(session({ ownerId: eve }), [line('m1', { personId: fay })]);
    await store.inbox.record(message('m2', { personId: gus }));
    await saveProfile(store, { ...profile, personId: personId('slack:Tx1:cy') });
    await saveProfile(store, { ...profile, personId: personId('slack:T*12:cy') });
    expect((await other.people.list('slack:T*1:', 100)).sort()).toEqual([cy, dee, eve, fay, gus].sort());
    expect(await other.people.list('slack:T*1:', 2)).toHaveLength(2);
    for (const person of [cy, dee, eve, fay, gus]) await store.people.erase(person);
    expect(await other.people.list('slack:T*1:', 100)).toEqual([]);
  });

  test('erases what waits before there is a session', async ({ store, other }) => {
    await store.inbox.record(message('m1'));
    const running = await leaseOf(store);
    await store.outbox.intend(running, segment(0));
    await other.people.erase(ada);
    expect(await store.inbox.count(talk)).toBe(0);
    expect(await store.recoverable()).toEqual([]);
    await expect(store.sessions.commit(running, turn({ entries: [line('m1')] }))).rejects.toMatchObject(lost);
    expect(await store.sessions.get(talk)).toBeNull();
  });

  test('a running turn cannot bring an erased person back, in their session or in a shared one', async ({
    store,
    other,
  }) => {
    await store.sessions.create(session(), []);
    await store.sessions.create(session({ id: thread, ownerId: ben, shared: true }), []);
    await store.inbox.record(message('m1'));
    await store.inbox.record(message('m2', inThread));
    await store.inbox.record(benAsks('b1'));
    const own = await leaseOf(store);
    const shared = await leaseOf(store, thread);
    const answers = (n: number, covers: string[]) =>
      segment(n, { sessionId: thread, turnId: turnId(thread, 1), covers: covers.map(messageId) });
    await store.outbox.intend(shared, answers(0, ['m2', 'b1']));
    await store.outbox.intend(shared, answers(1, ['m2']));
    await store.outbox.intend(shared, answers(2, ['b1']));
    await other.people.erase(ada);
    await expect(store.sessions.commit(own, turn({ entries: [line('m1')] }))).rejects.toMatchObject(lost);
    const late = turn({
      turnId: turnId(thread, 1),
      session: session({ id: thread, ownerId: ben, shared: true, turnCount: 1 }),
      entries: [line('m2')],
    });
    await expect(store.sessions.commit(shared, late)).rejects.toMatchObject(lost);
    expect((await store.outbox.pending(thread)).map((one) => one.segment)).toEqual([0, 2]);
    expect((await store.people.export(ada, 1)).sharedLines).toEqual([]);
    expect(await store.sessions.list(ada, { limit: 9, offset: 0 })).toEqual([]);
    expect(ids(await other.inbox.pending(await leaseOf(other, thread, 'two')))).toEqual(['b1']);
  });

  test('a turn of others goes on when nothing of the erased person waits', async ({ store, other }) => {
    await store.sessions.create(session({ id: thread, ownerId: ben, shared: true }), [line('m1')]);
    await store.inbox.record(benAsks('b1'));
    const lease = await leaseOf(store, thread);
    await other.people.erase(ada);
    expect(await store.lease.renew(lease, 1000)).toBe(true);
  });
};

export const platformTests: ContractTest = (test) => {
  test('keeps small values', async ({ store, other }) => {
    expect(await store.values.get('discord:0')).toBeNull();
    await store.values.set('discord:0', '{"seq":1}');
    await store.values.set('discord:0', '{"seq":2}');
    expect(await other.values.get('discord:0')).toBe('{"seq":2}');
    await other.values.remove('discord:0');
    expect(await store.values.get('discord:0')).toBeNull();
    await store.values.remove('discord:0');
  });

  test('drops a value when its time is over', async ({ store, clock }) => {
    await store.values.set('long', 'v', 60_000);
    await store.values.set('short', 'v', 40);
    await clock.advance(40);
    await expect.poll(() => store.values.get('short'), { interval: 5 }).toBeNull();
    expect(await store.values.get('long')).toBe('v');
    await store.values.set('short', 'again');
    expect(await store.values.get('short')).toBe('again');
  });

  test('counts up, over all processes, until the time of the first count is over', async ({
    store,
    other,
    clock,
  }) => {
    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? store : other).values.increment('day', 60_000)),
    );
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(await store.values.get('day')).toBe('40');
    expect(await store.values.increment('another day', 60_000)).toBe(1);

    // A later count does not prolong the time.
    expect(await store.values.increment('short', 60)).toBe(1);
    expect(await store.values.increment('short', 60_000)).toBe(2);
    await clock.advance(60);
    await expect.poll(() => store.values.get('short'), { interval: 5 }).toBeNull();
    expect(await other.values.increment('short', 60_000)).toBe(1);
    expect(await store.values.increment('tokens', 60_000, 120)).toBe(120);
    expect(await other.values.increment('tokens', 60_000, 30)).toBe(150);

    await store.values.remove('day');
    expect(await other.values.increment('day', 60_000)).toBe(1);
  });

  test('says that it is well', async ({ store }) => {
    expect(await store.health()).toMatchObject({ ok: true, detail: expect.stringMatching(/\w/) });
  });
};
