import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  firstKey,
  leaseOf,
  line,
  memory,
  message,
  reply,
  secondKey,
  segment,
  session,
  talk,
} from './contract/samples.js';

/** In everything a person wrote. */
const words = 'heliotrope';

/** Where the state of a test lies. */
interface Place {
  open(encryptionKey?: string): Promise<Store>;
  /** Everything that is written down, as it lies there. */
  raw(): Promise<string>;
  /** Puts the stored line `from` in the place of the line `to` of the same name in another session. */
  swapProfiles(a: string, b: string): Promise<void>;
  dispose(): Promise<void>;
}

function embedded(): Place {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-sealed-'));
  return {
    open: (encryptionKey) => openEmbeddedStore({ dataDir, clock: new FakeClock(), encryptionKey }),
    raw: async () =>
      readdirSync(dataDir)
        .map((name) => readFileSync(join(dataDir, name), 'latin1'))
        .join(''),
    swapProfiles: async (a, b) => {
      const db = new Database(join(dataDir, 'rapport.db'));
      db.prepare(
        'UPDATE profile SET body = (SELECT body FROM profile WHERE person = ?) WHERE person = ?',
      ).run(a, b);
      db.close();
    },
    dispose: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

let server: RedisServer;
let prefixes = 0;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server?.stop());

function redis(): Place {
  prefixes += 1;
  const prefix = `sealed${prefixes}`;
  const client = new Redis(server.url);
  return {
    open: (encryptionKey) =>
      openRedisStore({ url: server.url, prefix, clock: new FakeClock(), encryptionKey }),
    raw: async () => {
      const keys = await client.keys(`${prefix}:*`);
      const values = await Promise.all(
        keys.map(async (key) => {
          const type = await client.type(key);
          if (type === 'hash') return JSON.stringify(await client.hgetall(key));
          if (type === 'string') return String(await client.get(key));
          if (type === 'set') return (await client.smembers(key)).join();
          return (await client.zrange(key, 0, '-1')).join();
        }),
      );
      return [...keys, ...values].join('\n');
    },
    swapProfiles: async (a, b) => {
      const key = (person: string): string => `${prefix}:person:{${person}}:profile`;
      await client.set(key(b), String(await client.get(key(a))));
    },
    dispose: async () => client.disconnect(),
  };
}

const persona = { name: `Ada ${words}`, facts: [`I am fond of ${words}`], worry: words };
const profile = { personId: ada, persona, createdAt: 1, updatedAt: 2, paused: false };
const ben = { ...profile, personId: 'web:ben' as typeof ada };

/** Writes words of a person into everything that is kept. */
async function fill(store: Store): Promise<void> {
  await saveProfile(store, profile);
  await store.people.addMemory(memory('a', { text: words }));
  const lines = [line('m1', { text: words }), reply('r1', { text: words })];
  await store.sessions.create(
    session({
      title: words,
      style: { attitude: words },
      steering: { sticky: null, queue: [words] },
      matchReasons: [{ facet: 'experience', score: 1, text: words }],
      care: { grade: 'ideation', kind: 'suicide', at: 1, turns: 0, answers: 1 },
    }),
    lines,
  );
  await store.transcript.feedback(talk, 'r1', 'up');
  await store.inbox.record(message('m2', { text: words, speakerName: words }));
  await store.outbox.intend(await leaseOf(store), segment(0, { text: words }));
  await store.values.set('care:alert:1', JSON.stringify({ note: words }));
  await store.values.set('care:count:noted', '12');
  await store.values.increment('care:count', 60_000);
}

/** All of it, read back. */
async function read(store: Store): Promise<unknown> {
  return {
    export: await store.people.export(ada, 1),
    outbox: await store.outbox.pending(talk),
    alert: await store.values.get('care:alert:1'),
    counts: [await store.values.get('care:count:noted'), await store.values.get('care:count')],
  };
}

const places = { embedded, redis };
let place: Place;
let opened: Store[] = [];
const open = async (key?: string): Promise<Store> => {
  const store = await place.open(key);
  opened.push(store);
  return store;
};
/** Ends a process. */
const end = async (): Promise<void> => {
  await Promise.all(opened.map((store) => store.close()));
  opened = [];
};
afterEach(async () => {
  await end();
  await place.dispose();
});

describe.each(Object.entries(places))('texts at rest, %s (issue 13 §4)', (_, make) => {
  it('are as they are without a key, and in no file with one', async () => {
    place = make();
    await fill(await open());
    const plain = await read(opened[0] as Store);
    await end();
    expect(await place.raw()).toContain(words);
    await place.dispose();
    place = make();
    const store = await open(firstKey);
    await fill(store);
    expect(await read(store)).toEqual(plain);
    expect(await place.raw()).not.toContain(words);
    // Neither how they are.
    expect(await place.raw()).not.toContain('ideation');
    await end();
    expect(await place.raw()).not.toContain(words);
    expect(await (await open(firstKey)).encryption.state()).toMatchObject({ older: false, plain: false });
  });

  it('that were written before there was a key are read, and encrypted when asked for', async () => {
    place = make();
    const before = await open();
    await fill(before);
    const all = await read(before);
    await end();
    const store = await open(firstKey);
    expect(await read(store)).toEqual(all);
    expect(await store.encryption.state()).toMatchObject({ plain: true });
    expect(await place.raw()).toContain(words);
    // What is written anew is encrypted at once.
    await saveProfile(store, { ...profile, paused: true });
    await saveProfile(store, profile);
    expect(await store.encryption.renew()).toBeGreaterThan(5);
    expect(await place.raw()).not.toContain(words);
    expect(await read(store)).toEqual(all);
    expect(await store.encryption.state()).toMatchObject({ older: false, plain: false });
    expect(await store.encryption.renew()).toBe(0);
    // Counters count on.
    expect(await store.values.increment('care:count', 60_000)).toBe(2);
  });

  it('go over to a new key, and need the old one only until then', async () => {
    place = make();
    const store = await open(firstKey);
    await fill(store);
    const all = await read(store);
    await end();
    await expect(place.open(secondKey)).rejects.toMatchObject({ code: 'RAPPORT_E_DATA_ENCRYPTED' });
    const both = await open(`${secondKey},${firstKey}`);
    expect(await read(both)).toEqual(all);
    expect(await both.encryption.state()).toMatchObject({ older: true });
    await both.people.addMemory(memory('b', { text: 'by the new key' }));
    await both.people.removeMemory(ada, 'b');
    await end();
    // What the new key has written is not given up by going back.
    await expect(place.open(firstKey)).rejects.toMatchObject({ code: 'RAPPORT_E_DATA_ENCRYPTED' });
    await (await open(`${secondKey},${firstKey}`)).encryption.renew();
    await end();
    expect(await read(await open(secondKey))).toEqual(all);
  });

  it.each([
    ['no key', undefined, 'RAPPORT_E_DATA_ENCRYPTED'],
    ['another key', secondKey, 'RAPPORT_E_DATA_ENCRYPTED'],
    ['half a key', firstKey.slice(0, 20), 'RAPPORT_E_ENCRYPTION_KEY'],
    ['no key at all', 'not a key!', 'RAPPORT_E_ENCRYPTION_KEY'],
  ])('with %s nothing is opened, written or lost', async (_name, key, code) => {
    place = make();
    const store = await open(firstKey);
    await fill(store);
    const all = await read(store);
    await end();
    const error = await place.open(key).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, cure: expect.stringMatching(/RAPPORT_ENCRYPTION_KEY|openssl/) });
    expect(String(error)).not.toContain(firstKey);
    expect(await read(await open(firstKey))).toEqual(all);
  });

  it('cannot be put in the place of another', async () => {
    place = make();
    const store = await open(firstKey);
    await saveProfile(store, profile);
    await saveProfile(store, ben);
    await place.swapProfiles(ada, ben.personId);
    expect(await store.people.profile(ada)).toEqual(profile);
    await expect(store.people.profile(ben.personId)).rejects.toMatchObject({
      code: 'RAPPORT_E_DATA_ENCRYPTED',
    });
  });

  it('are not encrypted without a key', async () => {
    place = make();
    await expect((await open()).encryption.renew()).rejects.toMatchObject({
      code: 'RAPPORT_E_ENCRYPTION_KEY',
    });
    expect(await opened[0]?.encryption.state()).toBeNull();
  });
});
