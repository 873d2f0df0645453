import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { freePort, type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { message } from './contract/samples.js';
import { storeContract } from './store-contract.js';

/** One node that owns all slots: a script or command whose keys lie in two slots is refused as in any cluster. */
async function startCluster(): Promise<RedisServer> {
  const busPort = String(await freePort());
  const server = await startRedisServer([
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    busPort,
    '--cluster-announce-ip',
    '127.0.0.1',
  ]);
  const client = new Redis(server.url);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await vi.waitFor(async () => expect(await client.cluster('INFO')).toContain('cluster_state:ok'), 10_000);
  client.disconnect();
  return server;
}

describe('the Redis store on a cluster', () => {
  let server: RedisServer;
  let count = 0;
  // Several nodes in the URL make a cluster; naming the one node twice is enough to find it.
  const url = () => `${server.url},127.0.0.1:${server.port}`;

  beforeAll(async () => {
    server = await startCluster();
  });
  afterAll(() => server?.stop());

  storeContract(async (options) => {
    count += 1;
    const clock = new FakeClock();
    const common = { url: url(), prefix: `test${count}`, clock, time: 'clock' as const, ...options };
    const store = await openRedisStore(common);
    const other = await openRedisStore(common);
    return {
      store,
      other,
      clock,
      dispose: async () => void (await Promise.all([store.close(), other.close()])),
    };
  }, 40);

  it('fails within its time while the cluster is away', async () => {
    const fragile = await startCluster();
    try {
      const store = await openRedisStore({
        url: `${fragile.url},${fragile.url}`,
        clock: new FakeClock(),
      });
      expect(await store.inbox.record(message('m1'))).toBe('recorded');
      await fragile.kill();
      const begin = performance.now();
      await expect(store.inbox.record(message('m2'))).rejects.toMatchObject({
        code: 'RAPPORT_E_STORE_UNAVAILABLE',
      });
      expect(performance.now() - begin).toBeLessThan(3000);
      await store.close();
    } finally {
      await fragile.stop();
    }
  });
});
