import type { Config } from '../../../config/schema.js';

/** Which shards this process serves (or stands by for), and how many there are altogether. */
export interface ShardPlan {
  readonly ids: readonly number[];
  readonly count: number;
}

/**
 * Reads `discord.shards`: `auto` (all of as many as Discord recommends), a number (all of so many), `ids/count`
 * (`0-3/8`, `0,2/4`: this machine's share).
 * @throws RangeError for ids that are not below the count.
 */
export function planShards(shards: Config['discord']['shards'], recommended: number): ShardPlan {
  const [which = '', of] = String(shards).split('/');
  if (of === undefined) {
    const count = which === 'auto' ? Math.max(1, recommended) : Math.max(1, Number(which));
    return { ids: Array.from({ length: count }, (_, id) => id), count };
  }
  const count = Number(of);
  const ids = [...new Set(which.split(',').flatMap(range))].sort((a, b) => a - b);
  const wrong = ids.find((id) => id >= count);
  if (wrong !== undefined || count === 0)
    throw new RangeError(`discord.shards: shard ${wrong ?? 0} does not exist among ${count}`);
  return { ids, count };
}

/** The shard that is sent the events of a guild; direct messages come to shard 0. */
export function shardOf(guild: string | undefined, count: number): number {
  return guild === undefined ? 0 : Number((BigInt(guild) >> 22n) % BigInt(count));
}

function range(part: string): number[] {
  const [first = 0, last = first] = part.split('-').map(Number);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}
