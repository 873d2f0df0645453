import { afterAll, beforeAll, describe } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/state/store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { temporaryStore } from './world.js';

interface OpenedStore {
  readonly store: Store;
  dispose(): Promise<void>;
}

/** Declares the same tests on the embedded store and on Redis; `open` gives an empty store. */
export function onBothStores(tests: (open: () => Promise<OpenedStore>) => void): void {
  describe('on the embedded store', () => tests(() => temporaryStore()));
  describe('on Redis', () => {
    let server: RedisServer;
    let count = 0;
    beforeAll(async () => {
      server = await startRedisServer();
    });
    afterAll(() => server?.stop());
    tests(async () => {
      count += 1;
      const store = await openRedisStore({ url: server.url, prefix: `both${count}`, clock: systemClock });
      return { store, dispose: () => store.close() };
    });
  });
}
