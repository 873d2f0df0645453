import { type PersonId, type SessionId, sessionId } from '../../src/ids.js';
import type { MatchObservation } from '../../src/matching/match-observation.js';
import type { Profile, UserMemory } from '../../src/memory/profile.js';
import type { TalkSummary } from '../../src/state/session.js';
import type { Expired, Expiry } from '../../src/state/store.js';
import { expiredProfile } from '../expired-profile.js';
import { Readable } from '../readable.js';
import { fromStored } from '../stored-entry.js';
import type { StoredTexts } from '../stored-texts.js';
import type { RedisConnection } from './connection.js';
import { everyKey } from './every-key.js';
import { ownerOfField } from './sessions.js';
import { bodyOf } from './transcript.js';

/** Lines of a conversation looked at in one step. */
const batch = 50;

interface Sweep {
  readonly redis: RedisConnection;
  readonly texts: StoredTexts;
  /** How long the fence of a session outlives it, ms. */
  readonly keepMs: number;
  readonly signal: AbortSignal | undefined;
  readonly readable: Readable;
}

/** Removes what is older than it may be; an aborted one ends after the step it is in. */
export async function expireRedis(
  given: Omit<Sweep, 'readable'>,
  { lines, facts, personas }: Expiry,
): Promise<Expired> {
  const { redis, signal } = given;
  const sweep = { ...given, readable: new Readable() };
  const gone = { sessions: 0, entries: 0, memories: 0, personas: 0 };
  for await (const key of everyKey(redis)) {
    if (signal?.aborted) break;
    const place = redis.keys.placeOf(key);
    if (lines !== undefined && place?.kept === 'session') {
      const { sessions, entries } = await expireSession(sweep, sessionId(place.owner), lines);
      gone.sessions += sessions;
      gone.entries += entries;
    }
    if (lines !== undefined && redis.keys.isObservations(key)) await expireObservations(sweep, key, lines);
    if (place?.kept === 'memory')
      gone.memories += await expireFacts(sweep, place.owner as PersonId, {
        lines: lines ?? 0,
        facts: facts ?? 0,
      });
    if (personas !== undefined && place?.kept === 'profile')
      gone.personas += await expirePersona(sweep, place.owner as PersonId, personas);
  }
  return { ...gone, unreadable: sweep.readable.unreadable };
}

async function expireSession(
  sweep: Sweep,
  id: SessionId,
  before: number,
): Promise<{ readonly sessions: number; readonly entries: number }> {
  const { redis, keepMs } = sweep;
  const [found, gone, ...people] = (await redis.session('expire', id, keepMs, before)) as [
    number,
    number,
    ...string[],
  ];
  if (found === 1) {
    await redis.plain((client) =>
      Promise.all([
        ...people.map((who) => client.zrem(redis.keys.sessionsOf(JSON.parse(who) as PersonId), id)),
        client.zrem(redis.keys.reading, id),
      ]),
    );
    return { sessions: 1, entries: gone };
  }
  const dropped = await dropOldLines(sweep, id, before);
  await dropOldSummary(sweep, id, before);
  return { sessions: 0, entries: dropped };
}

/** The oldest lines as far as they are older; those that cannot be read are passed over. */
async function dropOldLines(
  { redis, texts, readable, signal }: Sweep,
  id: SessionId,
  before: number,
): Promise<number> {
  const [, , , , lines, entries] = redis.keys.session(id);
  let count = 0;
  let passed = 0;
  while (!signal?.aborted) {
    const ids = await redis.plain((client) =>
      client.zrange(lines, String(passed), String(passed + batch - 1)),
    );
    if (ids.length === 0) break;
    const values = await redis.plain((client) => client.hmget(entries, ...ids.map((line) => `e:${line}`)));
    const old: string[] = [];
    let newer = false;
    for (const [place, line] of ids.entries()) {
      const value = values[place];
      const at = value ? readable.time(() => fromStored(bodyOf(value), null, id, texts).at) : 0;
      newer = at !== null && at >= before;
      if (newer) break;
      if (at === null) passed += 1;
      else old.push(line);
    }
    if (old.length > 0) await redis.session('dropLines', id, ...old);
    count += old.length;
    if (newer || ids.length < batch) break;
  }
  return count;
}

/** The summary of a conversation tells of lines that are older: it goes with them. */
async function dropOldSummary(
  { redis, texts, readable }: Sweep,
  id: SessionId,
  before: number,
): Promise<void> {
  const stored = await redis.plain((client) => client.hget(redis.keys.session(id)[3], 'summary'));
  if (stored === null) return;
  const from = readable.time(
    () => texts.read<TalkSummary>(stored, 'session', ownerOfField(id, 'summary')).from,
  );
  if (from !== null && from < before) await redis.session('update', id, 'summary', '');
}

async function expireObservations({ redis, readable }: Sweep, key: string, before: number): Promise<void> {
  const all = await redis.plain((client) => client.hgetall(key));
  const old = Object.entries(all)
    .filter(([, body]) => {
      const at = readable.time(() => (JSON.parse(body) as MatchObservation).at);
      return at !== null && at < before;
    })
    .map(([field]) => field);
  if (old.length > 0) await redis.plain((client) => client.hdel(key, ...old));
}

/** Facts that are older, and those that were read in older lines and that nobody has confirmed. */
async function expireFacts(
  { redis, texts, readable }: Sweep,
  person: PersonId,
  { lines = 0, facts = 0 }: Expiry,
): Promise<number> {
  if (lines === 0 && facts === 0) return 0;
  const key = redis.keys.memories(person);
  const all = await redis.plain((client) => client.hgetall(key));
  const old = Object.entries(all)
    .filter(([, body]) => {
      const known = readable.row(() => texts.read<UserMemory>(body, 'memory', person));
      if (known === null) return false;
      const { at, source } = known;
      return at < facts || (source?.open !== undefined && at < lines);
    })
    .map(([field]) => field);
  return old.length === 0 ? 0 : redis.plain((client) => client.hdel(key, ...old));
}

/** A persona that was last changed before, but for what {@link expiredProfile} keeps. */
async function expirePersona(
  { redis, texts, readable }: Sweep,
  person: PersonId,
  before: number,
): Promise<number> {
  const key = redis.keys.profile(person);
  const body = await redis.plain((client) => client.get(key));
  if (body === null) return 0;
  const known = readable.row(() => texts.read<Profile>(body, 'profile', person));
  if (known === null) return 0;
  const left = known.updatedAt < before ? expiredProfile(known) : known;
  if (left === known) return 0;
  const gone =
    left === null
      ? redis.value('removeIf', key, body)
      : redis.value('replace', key, body, texts.write(left, 'profile', person));
  return (await gone) as number;
}
