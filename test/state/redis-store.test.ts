import { Redis, type RedisKey } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshProfile, type Profile } from '../../src/memory/profile.js';
import type { Store } from '../../src/state/store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { saveProfile } from '../doubles/save-profile.js';
import { ada, firstKey, ids, leaseOf, line, message, session, talk, turn } from './contract/samples.js';
import { storeContract } from './store-contract.js';

describe('the Redis store', () => {
  let server: RedisServer;
  let count = 0;

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.stop());

  const openPair = async (url: string, options = {}) => {
    count += 1;
    const clock = new FakeClock();
    const common = { url, prefix: `test${count}`, clock, time: 'clock' as const, ...options };
    const store = await openRedisStore(common);
    const other = await openRedisStore(common);
    return {
      store,
      other,
      clock,
      dispose: async () => void (await Promise.all([store.close(), other.close()])),
    };
  };

  storeContract((options) => openPair(server.url, options));

  describe('with encrypted texts', () => {
    storeContract((options) => openPair(server.url, { ...options, encryptionKey: firstKey }), 40);
  });

  it("judges leases by the server's own clock unless told otherwise", async () => {
    const clock = new FakeClock();
    const store = await openRedisStore({ url: server.url, prefix: 'server-time', clock });
    const first = await store.lease.acquire(talk, 'one', 40);
    expect(await store.lease.acquire(talk, 'two', 40)).toBeNull();
    await expect.poll(() => store.lease.acquire(talk, 'two', 40), { interval: 5 }).not.toBeNull();
    expect(first && (await store.lease.renew(first, 40))).toBe(false);
    await store.close();
  });

  it('takes a client of the caller and leaves it open', async () => {
    const client = new Redis(server.url);
    const store = await openRedisStore({ client, prefix: 'own-client', clock: new FakeClock() });
    expect(await store.inbox.record(message('m1'))).toBe('recorded');
    await store.close();
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  describe('a change of a profile under way', () => {
    const profile = freshProfile(ada, 1);
    /** Opens a store; `meanwhile` runs between its reading and its writing. */
    const openSlow = async (meanwhile: (other: Store) => Promise<unknown>) => {
      const { other, clock, dispose } = await openPair(server.url);
      const client = new Redis(server.url);
      const get = client.get.bind(client);
      client.get = async (key: RedisKey) => {
        const value = await get(key);
        await meanwhile(other);
        return value;
      };
      const store = await openRedisStore({ client, prefix: `test${count}`, clock });
      const end = async () => {
        await store.close();
        client.disconnect();
        await dispose();
      };
      return { store, other, end };
    };

    it('does not bring an erased person back', async () => {
      const { store, other, end } = await openSlow((o) => o.people.erase(ada));
      await saveProfile(other, profile);
      const paused = (known: Profile | null) => ({ ...(known ?? profile), paused: true });
      expect(await store.people.changeProfile(ada, paused)).toBeNull();
      expect(await other.people.profile(ada)).toBeNull();
      await end();
    });

    it('begins anew where another came before it, and ends where that goes on', async () => {
      let left = 3;
      let asked = 0;
      const { store, end } = await openSlow(async (o) => {
        left -= 1;
        if (left >= 0) await saveProfile(o, { ...profile, updatedAt: left });
      });
      const change = (known: Profile | null) => {
        asked += 1;
        return { ...(known ?? profile), paused: true };
      };
      expect(await store.people.changeProfile(ada, change)).toEqual({
        ...profile,
        paused: true,
        updatedAt: 0,
      });
      expect(asked).toBe(4);
      await end();
      let writes = 0;
      const busy = await openSlow((o) => {
        writes += 1;
        return saveProfile(o, { ...profile, updatedAt: writes });
      });
      await expect(busy.store.people.changeProfile(ada, change)).rejects.toMatchObject({
        code: 'RAPPORT_E_STORE_UNAVAILABLE',
      });
      expect((await busy.other.people.profile(ada))?.paused).toBe(false);
      await busy.end();
    });
  });

  it('works on after the scripts were flushed', async () => {
    const client = new Redis(server.url);
    const store = await openRedisStore({ client, prefix: 'flushed', clock: new FakeClock() });
    await store.inbox.record(message('m1'));
    await client.script('FLUSH');
    expect(await store.inbox.record(message('m2'))).toBe('recorded');
    expect(await store.recoverable()).toEqual([talk]);
    client.disconnect();
  });

  it('leaves nothing behind for good once a session is removed and its work index is cleaned', async () => {
    const { store, clock, dispose } = await openPair(server.url);
    await store.sessions.create(session(), [line('m0')]);
    await store.inbox.record(message('m1'));
    await store.outbox.intend(await leaseOf(store), {
      ...{
        turnId: turn().turnId,
        segment: 0,
        sessionId: talk,
        kind: 'reply',
        nonce: 'n',
        text: 't',
        receipt: null,
      },
      ...{ address: message('m1').address, final: true, covers: [] },
    });
    await store.people.erase(session().ownerId);
    const client = new Redis(server.url);
    const prefix = `test${count}`;
    expect(await client.zrange(`${prefix}:pending`, '0', '-1')).toEqual([talk]);
    await clock.advance(120_000);
    expect(await store.recoverable()).toEqual([]);
    const left = await client.keys(`${prefix}:*`);
    // The fence and the dedupe marks stay for a day, and say nothing but ids.
    expect(left.sort()).toEqual([`${prefix}:{${talk}}:meta`, `${prefix}:{${talk}}:seen`]);
    for (const key of left) expect(await client.pttl(key)).toBeGreaterThan(0);
    client.disconnect();
    await dispose();
  });

  it('an index entry without its record (a crash in between) does no harm', async () => {
    const { store, clock, dispose } = await openPair(server.url);
    const client = new Redis(server.url);
    const prefix = `test${count}`;
    await client.zadd(`${prefix}:pending`, clock.now(), talk);
    await client.zadd(`${prefix}:person:{web:ada}:sessions`, clock.now(), 'web:gone');
    expect(await store.recoverable()).toEqual([]);
    await store.inbox.record(message('m1'));
    await clock.advance(120_000);
    expect(await store.recoverable()).toEqual([talk]);
    expect(await store.sessions.list(message('m1').personId, { limit: 5, offset: 0 })).toEqual([]);
    client.disconnect();
    await dispose();
  });

  it('is not well while the server takes no writes (issue 14, E.2)', async () => {
    const server = await startRedisServer(['--maxmemory-policy', 'noeviction']);
    const store = await openRedisStore({ url: server.url, clock: new FakeClock() });
    const operator = new Redis(server.url);
    try {
      expect(await store.health()).toMatchObject({ ok: true });
      await operator.config('SET', 'maxmemory', '1');
      expect(await store.health()).toMatchObject({ ok: false, detail: expect.stringContaining('OOM') });
      await operator.config('SET', 'maxmemory', '0');
      await operator.call('REPLICAOF', '127.0.0.1', '1');
      expect(await store.health()).toMatchObject({ ok: false, detail: expect.stringContaining('READONLY') });
      await operator.call('REPLICAOF', 'NO', 'ONE');
      expect(await store.health()).toMatchObject({ ok: true });
    } finally {
      operator.disconnect();
      await store.close();
      await server.stop();
    }
  });

  it('warns about a server that forgets', async () => {
    const forgetful = await startRedisServer(['--maxmemory-policy', 'allkeys-lru']);
    const careful = await startRedisServer(['--appendonly', 'yes']);
    const snapshots = await startRedisServer(['--save', '60', '1']);
    const warnings = async (url: string) => {
      const store = await openRedisStore({ url, clock: new FakeClock() });
      const health = await store.health();
      await store.close();
      expect(health).toMatchObject({ ok: true, detail: expect.stringMatching(/^Redis \d/) });
      return health.warnings;
    };
    try {
      expect(await warnings(forgetful.url)).toEqual([
        expect.stringContaining('persistence is off'),
        expect.stringContaining('allkeys-lru'),
      ]);
      expect(await warnings(careful.url)).toEqual([]);
      expect(await warnings(snapshots.url)).toEqual([expect.stringContaining('only takes snapshots')]);
    } finally {
      await Promise.all([forgetful.stop(), careful.stop(), snapshots.stop()]);
    }
  });

  it('fails within its time while the server is away, and comes back with everything', async () => {
    // With everysec Redis may hold a write back for up to two seconds while a background fsync runs; a kill then loses it.
    const fragile = await startRedisServer(['--appendonly', 'yes', '--appendfsync', 'always']);
    try {
      const store = await openRedisStore({ url: fragile.url, clock: new FakeClock() });
      await store.inbox.record(message('m1'));
      await fragile.kill();
      const begin = performance.now();
      await expect(store.inbox.record(message('m2'))).rejects.toMatchObject({
        code: 'RAPPORT_E_STORE_UNAVAILABLE',
      });
      expect(performance.now() - begin).toBeLessThan(3000);
      expect(await store.health()).toMatchObject({ ok: false });
      await fragile.restart();
      await expect.poll(() => store.health(), { timeout: 5000 }).toMatchObject({ ok: true });
      expect(ids(await store.inbox.pending(await leaseOf(store)))).toContain('m1');
      await store.close();
    } finally {
      await fragile.stop();
    }
  });

  it('refuses to open without a server', async () => {
    const gone = await startRedisServer();
    await gone.stop();
    await expect(openRedisStore({ url: gone.url, clock: new FakeClock() })).rejects.toMatchObject({
      code: 'RAPPORT_E_STORE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
