import { Cluster } from 'ioredis';
import type { PersonId, SessionId } from '../../src/ids.js';
import type { Profile, UserMemory } from '../../src/memory/profile.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { EraseReport, PersonExport, Store } from '../../src/state/store.js';
import { isProposed } from '../proposed.js';
import type { StoredTexts } from '../stored-texts.js';
import { type RedisConnection, unavailable } from './connection.js';
import { inOrder } from './inbox.js';
import { observationsOf } from './matching.js';
import { readSession } from './sessions.js';
import { wholeTranscript } from './transcript.js';

export function redisPeople(redis: RedisConnection, texts: StoredTexts, keepMs: number): Store['people'] {
  const profile = async (person: PersonId): Promise<Profile | null> => {
    const body = await redis.plain((client) => client.get(redis.keys.profile(person)));
    return body === null ? null : texts.read<Profile>(body, 'profile', person);
  };
  const facts = async (person: PersonId, proposed: boolean): Promise<UserMemory[]> => {
    const bodies = await redis.plain((client) => client.hvals(redis.keys.memories(person)));
    return bodies
      .map((body) => texts.read<UserMemory>(body, 'memory', person))
      .filter((fact) => isProposed(fact) === proposed)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  };

  return {
    profile,
    changeProfile: (person, change) => changeProfile(redis, texts, person, change),
    memories: (person) => facts(person, false),
    proposals: (person) => facts(person, true),
    addMemory: async (memory) => {
      const key = redis.keys.memories(memory.personId);
      const body = texts.write(memory, 'memory', memory.personId);
      await redis.plain((client) => client.hset(key, memory.id, body));
    },
    removeMemory: async (person, id) =>
      (await redis.plain((client) => client.hdel(redis.keys.memories(person), id))) > 0,

    list: (prefix, limit) => beginningWith(redis, prefix, limit),

    export: async (person, now) => ({
      personId: person,
      exportedAt: now,
      profile: await profile(person),
      memories: await facts(person, false),
      proposals: await facts(person, true),
      observations: await observationsOf(redis, person),
      ...(await everySession(redis, texts, person)),
    }),

    erase: (person) => erase(redis, person, keepMs),
  };
}

/** How often a change is tried: each time it fails, another of the same profile was written, or it was erased. */
const changeTries = 100;

async function changeProfile(
  redis: RedisConnection,
  texts: StoredTexts,
  ...[person, change]: Parameters<Store['people']['changeProfile']>
): Promise<Profile | null> {
  const key = redis.keys.profile(person);
  for (let tries = 0; tries < changeTries; tries += 1) {
    const body = await redis.plain((client) => client.get(key));
    if (body === null && tries > 0) return null;
    const changed = change(body === null ? null : texts.read<Profile>(body, 'profile', person));
    if (changed === null) return null;
    const written = texts.write(changed, 'profile', person);
    const done =
      body === null
        ? (await redis.plain((client) => client.set(key, written, 'NX'))) === 'OK'
        : (await redis.value('replace', key, body, written)) === 1;
    if (done) return changed;
  }
  throw unavailable(new Error('too many changes of one profile at once'));
}

/** What a person has in the sessions they own or spoke in. */
async function everySession(
  redis: RedisConnection,
  texts: StoredTexts,
  person: PersonId,
): Promise<Pick<PersonExport, 'sessions' | 'sharedLines' | 'waiting'>> {
  const sessions: { session: SessionState; transcript: readonly TranscriptEntry[] }[] = [];
  const sharedLines: TranscriptEntry[] = [];
  const waiting: InboundMessage[] = [];
  for (const id of await sessionsOf(redis, person)) {
    const session = await readSession(redis, texts, id);
    const transcript = await wholeTranscript(redis, texts, id);
    if (session?.ownerId === person) sessions.push({ session, transcript });
    else sharedLines.push(...transcript.filter((entry) => entry.personId === person));
    const inbox = await redis.plain((client) => client.hvals(redis.keys.session(id)[1]));
    waiting.push(...inOrder(inbox, id, texts).filter((message) => message.personId === person));
  }
  sessions.sort(
    (a, b) => b.session.updatedAt - a.session.updatedAt || (a.session.id < b.session.id ? -1 : 1),
  );
  return { sessions, sharedLines, waiting };
}

/** Each session goes in one atomic step and the index entry after it, so an erase that was cut off is finished by the next one. */
async function erase(redis: RedisConnection, person: PersonId, keepMs: number): Promise<EraseReport> {
  let sessions = 0;
  let entries = 0;
  for (const id of await sessionsOf(redis, person)) {
    const lines = (await redis.session('forget', id, JSON.stringify(person), keepMs)) as number;
    if (lines >= 0) entries += lines;
    else {
      const [found, gone, ...people] = (await redis.session('remove', id, keepMs)) as [
        number,
        number,
        ...string[],
      ];
      sessions += found;
      entries += gone;
      await redis.plain((client) => client.zrem(redis.keys.reading, id));
      await redis.plain((client) =>
        Promise.all(people.map((who) => client.zrem(redis.keys.sessionsOf(JSON.parse(who) as PersonId), id))),
      );
    }
    await redis.plain((client) => client.zrem(redis.keys.sessionsOf(person), id));
  }
  const memories = await redis.plain((client) => client.hlen(redis.keys.memories(person)));
  await redis.plain((client) =>
    client.del(redis.keys.profile(person), redis.keys.memories(person), redis.keys.observations(person)),
  );
  await redis.plain((client) => client.zrem(redis.keys.matching, person));
  return { sessions, entries, memories };
}

async function sessionsOf(redis: RedisConnection, person: PersonId): Promise<SessionId[]> {
  return (await redis.plain((client) =>
    client.zrange(redis.keys.sessionsOf(person), '0', '-1'),
  )) as SessionId[];
}

/** Keys looked at in one step of a scan. */
const scanned = 500;

async function beginningWith(redis: RedisConnection, prefix: string, limit: number): Promise<PersonId[]> {
  const found = new Set<PersonId>();
  const pattern = redis.keys.peopleBeginning(prefix);
  const nodes = redis.client instanceof Cluster ? redis.client.nodes('master') : [redis.client];
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await redis.plain(() => node.scan(cursor, 'MATCH', pattern, 'COUNT', scanned));
      cursor = next;
      for (const key of keys) found.add(redis.keys.personOf(key));
    } while (cursor !== '0' && found.size < limit);
    if (found.size >= limit) break;
  }
  return [...found].slice(0, limit);
}
