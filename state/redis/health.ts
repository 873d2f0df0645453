import { reasonOf } from '../../config/errors.js';
import type { Store } from '../../src/state/store.js';
import type { RedisConnection } from './connection.js';

/** Whether it is there and takes writes, and the settings of the server under which conversations could be lost. */
export async function redisHealth(redis: RedisConnection): ReturnType<Store['health']> {
  try {
    // As every message does: a replica, a full server and one that cannot persist refuse to be written to.
    await redis.plain((client) => client.set(redis.keys.platform('health'), '1', 'PX', 60_000));
    const server = facts(await redis.plain((client) => client.info('server')));
    const persistence = facts(await redis.plain((client) => client.info('persistence')));
    const memory = facts(await redis.plain((client) => client.info('memory')));
    const warnings = [
      ...(await persistenceWarnings(redis, persistence.get('aof_enabled') === '1')),
      ...evictionWarnings(memory.get('maxmemory_policy') ?? 'noeviction'),
    ];
    return { ok: true, detail: `Redis ${server.get('redis_version') ?? '(unknown version)'}`, warnings };
  } catch (thrown) {
    return { ok: false, detail: reasonOf(thrown), warnings: [] };
  }
}

async function persistenceWarnings(redis: RedisConnection, appendOnly: boolean): Promise<string[]> {
  if (appendOnly) return [];
  const snapshots = await snapshotRule(redis);
  if (snapshots === null)
    return [
      'The append-only file is off and the snapshot rule cannot be read: check that the server persists its data.',
    ];
  return snapshots === ''
    ? ['Redis persistence is off: a restart of the server loses every conversation. Set `appendonly yes`.']
    : [
        'Redis only takes snapshots: a crash of the server loses what came after the last one. Set `appendonly yes`.',
      ];
}

/** The `save` rule, '' when there is none, null where the server does not tell (CONFIG is often closed on hosted ones). */
async function snapshotRule(redis: RedisConnection): Promise<string | null> {
  try {
    const answer = (await redis.plain((client) => client.config('GET', 'save'))) as unknown;
    const value: unknown = Array.isArray(answer) ? answer[1] : null;
    return typeof value === 'string' ? value : null;
  } catch (thrown) {
    if (thrown instanceof Error) return null;
    throw thrown;
  }
}

function evictionWarnings(policy: string): string[] {
  return policy === 'noeviction'
    ? []
    : [
        `Redis may evict keys (maxmemory-policy is ${policy}): conversations could vanish. Set \`maxmemory-policy noeviction\`.`,
      ];
}

function facts(info: string): Map<string, string> {
  return new Map(
    info
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
