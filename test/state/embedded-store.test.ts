import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { firstKey, ids, leaseOf, message, talk } from './contract/samples.js';
import { storeContract } from './store-contract.js';
import { startWriter } from './writer-process.js';

const openPair = async (options = {}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-state-'));
  const clock = new FakeClock();
  const store = await openEmbeddedStore({ dataDir, clock, ...options });
  const other = await openEmbeddedStore({ dataDir, clock, ...options });
  return {
    store,
    other,
    clock,
    dispose: async () => {
      await store.close();
      await other.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

describe('the embedded store, with encrypted texts', () => {
  storeContract((options) => openPair({ ...options, encryptionKey: firstKey }), 40);
});

describe('the embedded store', () => {
  storeContract(openPair);

  describe('as a file', () => {
    let root: string;
    let dataDir: string;
    const clock = new FakeClock();
    const open = () => openEmbeddedStore({ dataDir, clock });

    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'rapport-state-'));
      dataDir = join(root, 'deep', 'data');
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    it('is readable by its owner only', async () => {
      const store = await open();
      await store.inbox.record(message('m1'));
      const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
      expect(mode(dataDir)).toBe('700');
      for (const end of ['', '-wal', '-shm']) expect(mode(join(dataDir, `rapport.db${end}`))).toBe('600');
      await store.close();
    });

    it('keeps everything over a restart', async () => {
      const before = await open();
      await before.inbox.record(message('m1'));
      await before.close();
      const after = await openEmbeddedStore({ dataDir, clock, synchronous: 'full' });
      expect(ids(await after.inbox.pending(await leaseOf(after)))).toEqual(['m1']);
      expect(await after.inbox.record(message('m1'))).toBe('duplicate');
      await after.close();
    });

    it('an erased text is in none of its files', async () => {
      const store = await open();
      const secret = 'a-secret-nobody-may-find';
      for (let i = 0; i < 50; i += 1)
        await store.inbox.record(message(`m${i}`, { text: `${secret} ${'x'.repeat(400)}` }));
      expect(await contains(dataDir, secret)).toBe(true);
      await store.people.erase(message('m1').personId);
      expect(await contains(dataDir, secret)).toBe(false);
      await store.close();
    });

    it('refuses a file of a newer version', async () => {
      await (await open()).close();
      const db = new Database(join(dataDir, 'rapport.db'));
      db.exec('PRAGMA user_version = 999');
      db.close();
      await expect(open()).rejects.toMatchObject({
        code: 'RAPPORT_E_STORE_UNAVAILABLE',
        message: expect.stringContaining('schema 999'),
      });
    });

    it('says why it cannot open, write, or go on', async () => {
      await expect(openEmbeddedStore({ dataDir: '/dev/null/x', clock })).rejects.toMatchObject({
        code: 'RAPPORT_E_STORE_UNAVAILABLE',
      });
      const store = await open();
      const rude = new Database(join(dataDir, 'rapport.db'));
      rude.exec('BEGIN EXCLUSIVE');
      // It can still be read: what counts is whether a message can be recorded (issue 14, E.2).
      expect(await store.health()).toMatchObject({ ok: false });
      await expect(store.inbox.record(message('m1'))).rejects.toMatchObject({
        code: 'RAPPORT_E_STORE_LOCKED',
      });
      rude.exec('ROLLBACK');
      expect(await store.health()).toMatchObject({ ok: true });
      expect(await store.inbox.record(message('m1'))).toBe('recorded');
      await store.close();
      await store.close();
      await expect(store.inbox.count(talk)).rejects.toMatchObject({ code: 'RAPPORT_E_STORE_UNAVAILABLE' });
      expect(await store.health()).toMatchObject({ ok: false });
    });

    it('loses nothing when two processes that write to it are killed', async () => {
      const writers = await Promise.all([startWriter(dataDir, 'a'), startWriter(dataDir, 'b')]);
      await Promise.all(writers.map((writer) => writer.acknowledged(100)));
      const acknowledged = (await Promise.all(writers.map((writer) => writer.kill()))).flat();
      expect(acknowledged.length).toBeGreaterThanOrEqual(200);
      const store = await open();
      const waiting = new Set<string>(ids(await store.inbox.pending(await leaseOf(store))));
      expect(acknowledged.filter((id) => !waiting.has(id))).toEqual([]);
      await store.close();
    });
  });
});

async function contains(folder: string, text: string): Promise<boolean> {
  const { readdir, readFile } = await import('node:fs/promises');
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.some((content) => content.includes(text));
}
