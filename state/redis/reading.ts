import type { SessionId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import type { RedisConnection } from './connection.js';

export function redisReading(redis: RedisConnection): Store['reading'] {
  const key = redis.keys.reading;
  return {
    note: async (session, at) => {
      await redis.plain((client) => client.zadd(key, at, session));
    },
    quiet: async (before, limit) =>
      (await redis.plain((client) =>
        client.zrangebyscore(key, '-inf', `(${before}`, 'LIMIT', 0, limit),
      )) as SessionId[],
    take: async (session, before, until) =>
      (await redis.value('moveIfBelow', key, session, before, until)) === 1,
    done: async (session, until) => {
      await redis.value('dropIfAt', key, session, until);
    },
  };
}
