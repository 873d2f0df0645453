import type { Store } from '../../src/state/store.js';
import type { RedisConnection } from './connection.js';

/** `keepMs`: how long the fence of a session outlives it. */
export function redisLease(redis: RedisConnection, keepMs: number): Store['lease'] {
  return {
    acquire: async (session, holder, ttlMs) => {
      const fence = (await redis.session('acquire', session, holder, ttlMs, keepMs)) as number;
      return fence === 0 ? null : { sessionId: session, holder, fence };
    },
    renew: async (lease, ttlMs) => (await redis.leased('renew', lease, ttlMs)) === 1,
    releaseIfInboxEmpty: async (lease) =>
      (await redis.leased('releaseIfInboxEmpty', lease, keepMs)) as 'released' | 'kept' | 'lost',
    release: async (lease) => {
      await redis.leased('release', lease, keepMs);
    },
  };
}
