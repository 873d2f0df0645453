import type { Clock } from '../../src/clock.js';
import type { SessionId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import { storeDefaults } from '../defaults.js';
import { StoredTexts } from '../stored-texts.js';
import { connect, type RedisClient, RedisConnection } from './connection.js';
import { noteKeys, redisEncryption } from './encryption.js';
import { expireRedis } from './expire.js';
import { redisHealth } from './health.js';
import { redisInbox } from './inbox.js';
import { redisLease } from './lease.js';
import { redisMatching } from './matching.js';
import { redisOutbox } from './outbox.js';
import { redisPeople } from './people.js';
import { redisReading } from './reading.js';
import { redisSessions } from './sessions.js';
import { redisTranscript } from './transcript.js';

interface CommonOptions {
  /** In front of every key, default `rapport`. */
  readonly prefix?: string;
  /** Entries kept per session. */
  readonly transcriptCap?: number;
  /** How long a message id is remembered, ms. */
  readonly dedupeMs?: number;
  readonly clock: Clock;
  /** By what people's words are encrypted; older keys behind commas. */
  readonly encryptionKey?: string | undefined;
  /**
   * Whose time leases and dedupe marks are judged by. `server` (the default): Redis's own, so that processes whose
   * clocks differ agree. `clock`: the given one, for tests that move it; every process on these keys must share it.
   */
  readonly time?: 'server' | 'clock';
}

export type RedisStoreOptions = CommonOptions &
  (
    | {
        /** `redis://…` or `rediss://…`; several nodes, comma separated, make a cluster. */
        readonly url: string;
      }
    | {
        /** A client of the caller's, who also closes it. */
        readonly client: RedisClient;
      }
  );

/** An entry of the index without work is left alone for so long, ms: its record may still be on the way. */
const indexGraceMs = 60_000;
/** Sessions looked at together by `recoverable`. */
const batch = 256;

/**
 * Opens the state on Redis 6.2 or newer. Each step is one Lua script on the keys of one session.
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE when the server cannot be reached within about 2 s, RAPPORT_E_ENCRYPTION_KEY, and
 * RAPPORT_E_DATA_ENCRYPTED when something is kept by a key that is not given.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const texts = new StoredTexts(options.encryptionKey);
  const client = 'client' in options ? options.client : await connect(options.url);
  const redis = new RedisConnection(
    client,
    options.prefix ?? 'rapport',
    options.time === 'clock' ? () => options.clock.now() : undefined,
  );
  const close = async (): Promise<void> => {
    if ('client' in options) return;
    await client.quit().then(
      () => undefined,
      () => client.disconnect(),
    );
  };
  try {
    await noteKeys(redis, texts);
  } catch (error) {
    await close();
    throw error;
  }
  const dedupeMs = options.dedupeMs ?? storeDefaults.dedupeMs;
  const keepMs = storeDefaults.dedupeMs;
  return {
    kind: 'redis',
    inbox: redisInbox(redis, texts, { dedupeMs, keepMs }),
    lease: redisLease(redis, keepMs),
    sessions: redisSessions(redis, texts, {
      cap: options.transcriptCap ?? storeDefaults.transcriptCap,
      keepMs,
    }),
    transcript: redisTranscript(redis, texts),
    outbox: redisOutbox(redis, texts),
    recoverable: () => recoverable(redis),
    people: redisPeople(redis, texts, keepMs),
    matching: redisMatching(redis),
    reading: redisReading(redis),
    values: {
      get: async (key) => {
        const stored = await redis.plain(() => client.get(redis.keys.platform(key)));
        return stored === null ? null : texts.open(stored, 'platform', key);
      },
      set: async (key, text, ttlMs) => {
        const name = redis.keys.platform(key);
        const value = texts.sealValue(text, key);
        await redis.plain(() =>
          ttlMs === undefined ? client.set(name, value) : client.set(name, value, 'PX', ttlMs),
        );
      },
      increment: async (key, ttlMs, by = 1) => (await redis.counter('increment', key, ttlMs, by)) as number,
      remove: async (key) => {
        await redis.plain(() => client.del(redis.keys.platform(key)));
      },
    },
    expire: (expiry, signal) => expireRedis({ redis, texts, keepMs, signal }, expiry),
    encryption: redisEncryption(redis, texts),
    health: () => redisHealth(redis),
    close,
  };
}

async function recoverable(redis: RedisConnection): Promise<SessionId[]> {
  const indexed = await redis.plain((client) => client.zrange(redis.keys.pending, '0', '-1'));
  const working: SessionId[] = [];
  for (let from = 0; from < indexed.length; from += batch) {
    const ids = indexed.slice(from, from + batch) as SessionId[];
    const busy = await redis.plain((client) =>
      Promise.all(
        ids.map((id) => {
          const [, inbox, , , , , outbox] = redis.keys.session(id);
          return client.exists(inbox, outbox);
        }),
      ),
    );
    working.push(...ids.filter((_, i) => busy[i] !== 0));
    const idle = ids.filter((_, i) => busy[i] === 0);
    if (idle.length > 0) await redis.index('clean', indexGraceMs, ...idle);
  }
  return working.sort();
}
