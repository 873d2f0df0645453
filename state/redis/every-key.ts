import { Cluster, type Redis } from 'ioredis';
import type { RedisConnection } from './connection.js';

/** Keys looked at in one step of a scan. */
const scanned = 200;

/** Every key of the store, on every node; one that comes or goes meanwhile may be missed, and one may come twice. */
export async function* everyKey(redis: RedisConnection): AsyncGenerator<string> {
  const nodes: readonly Redis[] =
    redis.client instanceof Cluster ? redis.client.nodes('master') : [redis.client];
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await redis.plain(() =>
        node.scan(cursor, 'MATCH', redis.keys.every, 'COUNT', scanned),
      );
      cursor = next;
      yield* keys;
    } while (cursor !== '0');
  }
}
