import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/state/store.js';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { saveProfile } from '../doubles/save-profile.js';
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
} from './contract/samples.js';

/** A store, and a hand that spoils one row of each sort in it. */
interface Place {
  readonly store: Store;
  /** Spoils the line `id` of the talk, its summary, the fact `id` and the profile of ada. */
  spoil(id: string): Promise<void>;
  /** Spoils everything that is on its way in the thread. */
  spoilReplies(): Promise<void>;
  dispose(): Promise<void>;
}

async function embedded(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-spoiled-'));
  const store = await openEmbeddedStore({ dataDir, clock: new FakeClock() });
  const change = (...statements: readonly (readonly [string, ...string[]])[]): void => {
    const db = new Database(join(dataDir, 'rapport.db'));
    for (const [sql, ...values] of statements) db.prepare(sql).run(...values);
    db.close();
  };
  return {
    store,
    spoil: async (id) =>
      change(
        ["UPDATE entry SET body = '{' WHERE session = ? AND id = ?", talk, id],
        ["UPDATE session SET body = 'e1.?' WHERE id = ?", talk],
        ["UPDATE memory SET body = 'e1.x.y' WHERE person = ? AND id = ?", ada, id],
        ["UPDATE profile SET body = '{' WHERE person = ?", ada],
      ),
    spoilReplies: async () => change(["UPDATE outbox SET body = '{' WHERE session = ?", thread]),
    dispose: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let server: RedisServer;
let prefixes = 0;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server?.stop());

async function redis(): Promise<Place> {
  prefixes += 1;
  const prefix = `spoiled${prefixes}`;
  const client = new Redis(server.url);
  const store = await openRedisStore({ url: server.url, prefix, clock: new FakeClock() });
  return {
    store,
    spoil: async (id) => {
      await client.hset(`${prefix}:{${talk}}:entries`, `e:${id}`, 'seeker\n""\n{');
      await client.hset(`${prefix}:{${talk}}:session`, 'summary', 'e1.?');
      await client.hset(`${prefix}:person:{${ada}}:memories`, id, 'e1.x.y');
      await client.set(`${prefix}:person:{${ada}}:profile`, '{');
    },
    spoilReplies: async () => undefined,
    dispose: async () => {
      await store.close();
      client.disconnect();
    },
  };
}

describe.each([
  ['embedded', embedded],
  ['redis', redis],
])('a row that cannot be read, %s store (13 §4)', (_, open) => {
  let place: Place;
  afterEach(() => place.dispose());

  it('stays and is counted; everything else that is older goes, before it and behind it', async () => {
    place = await open();
    const { store, spoil } = place;
    const lines = Array.from({ length: 130 }, (_unused, at) => line(`l${at}`, { at }));
    await store.sessions.create(session({ updatedAt: 1_000 }), lines);
    await store.sessions.create(session({ id: thread, ownerId: ben, updatedAt: 1_000 }), lines);
    for (const at of [1, 2, 3]) await store.people.addMemory(memory(`l${at}`, { at }));
    const persona = { persona: { facts: ['f'] }, createdAt: 1, updatedAt: 1, paused: false };
    for (const personId of [ada, ben]) await saveProfile(store, { personId, ...persona });
    await spoil('l2');
    const gone = await store.expire({ lines: 125, personas: 125 });
    expect(gone).toMatchObject({ sessions: 0, entries: 249, personas: 1 });
    expect(gone.unreadable).toBeGreaterThanOrEqual(4);
    expect(await store.people.profile(ben)).toBeNull();
    expect(ids((await store.transcript.page(thread, { limit: 9 })).entries)).toEqual([
      'l125',
      'l126',
      'l127',
      'l128',
      'l129',
    ]);
    expect(ids((await store.transcript.page(talk, { limit: 5 })).entries)).toHaveLength(5);
  });

  it('does not keep a person from being forgotten', async () => {
    place = await open();
    const { store, spoilReplies } = place;
    await store.sessions.create(session({ id: thread, ownerId: ben }), []);
    await store.inbox.record(message('m1', { sessionId: thread }));
    await store.outbox.intend(await leaseOf(store, thread), segment(0, { sessionId: thread }));
    await spoilReplies();
    await store.people.erase(ada);
    expect(await store.inbox.count(thread)).toBe(0);
  });
});
