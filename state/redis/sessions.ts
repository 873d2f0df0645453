import { RapportError } from '../../config/errors.js';
import type { PersonId, SessionId } from '../../src/ids.js';
import type { SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { SessionSummary, Store, TurnCommit } from '../../src/state/store.js';
import { changedFields, isPlainField, summaryOf } from '../session-fields.js';
import type { StoredTexts } from '../stored-texts.js';
import type { RedisConnection } from './connection.js';
import { entryArguments } from './transcript.js';

export function redisSessions(
  redis: RedisConnection,
  texts: StoredTexts,
  { cap, keepMs }: { readonly cap: number; readonly keepMs: number },
): Store['sessions'] {
  return {
    create: async (session, entries, lease) => {
      const created = await redis.indexFirst(indexWrites(redis, session, entries, 'absent'), () =>
        redis.session(
          'create',
          session.id,
          lease?.fence ?? '',
          lease?.holder ?? '',
          cap,
          ...stateArguments(session, texts),
          ...entryArguments(entries, session.id, texts),
        ),
      );
      if (created === -1) throw new RapportError('RAPPORT_E_LEASE_LOST', { id: session.id });
      return created === 1;
    },

    get: (id) => readSession(redis, texts, id),

    commit: async (lease, turn) => {
      if (turn.session.id !== lease.sessionId)
        throw new RapportError('RAPPORT_E_LEASE_LOST', { id: turn.session.id });
      const written = await redis.leased('commit', lease, cap, turn.turnId, ...commitArguments(turn, texts));
      if (written !== 1) throw new RapportError('RAPPORT_E_LEASE_LOST', { id: lease.sessionId });
      // After the commit, for a refused one must leave no trace of an erased person. The record of the message has
      // made the index entry long ago; this moves the session up in its owner's list.
      await Promise.all(indexWrites(redis, turn.session, turn.entries, 'always').map((write) => write()));
    },

    update: async (id, change) => {
      const args = changedFields(change).flatMap(([field, value]) => [
        field,
        value === null ? '' : writeField(field, value, id, texts),
      ]);
      const flat = (await redis.session('update', id, ...args)) as string[] | null;
      return flat === null ? null : fromFields(pairs(flat), id, texts);
    },

    list: (person, { limit, offset }) => list(redis, texts, person, { offset, limit }),

    remove: async (id) => {
      const [found, , ...people] = (await redis.session('remove', id, keepMs)) as [
        number,
        number,
        ...string[],
      ];
      await redis.plain((client) =>
        Promise.all([
          ...people.map((who) => client.zrem(redis.keys.sessionsOf(JSON.parse(who) as PersonId), id)),
          client.zrem(redis.keys.reading, id),
        ]),
      );
      return found === 1;
    },
  };
}

export async function readSession(
  redis: RedisConnection,
  texts: StoredTexts,
  id: SessionId,
): Promise<SessionState | null> {
  const fields = await redis.plain((client) => client.hgetall(redis.keys.session(id)[3]));
  return Object.keys(fields).length === 0 ? null : fromFields(Object.entries(fields), id, texts);
}

/** The person's own sessions, latest first, from `offset` on; entries of the index that point nowhere are passed over. */
async function list(
  redis: RedisConnection,
  texts: StoredTexts,
  person: PersonId,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<SessionSummary[]> {
  const found: SessionState[] = [];
  const step = Math.max(32, offset + limit);
  for (let from = 0; found.length < offset + limit; from += step) {
    const ids = await redis.plain((client) =>
      client.zrevrange(redis.keys.sessionsOf(person), from, from + step - 1),
    );
    const states = await Promise.all(ids.map((id) => readSession(redis, texts, id as SessionId)));
    found.push(...states.filter((state) => state !== null).filter((state) => state.ownerId === person));
    if (ids.length < step) break;
  }
  return found
    .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
    .slice(offset, offset + limit)
    .map(summaryOf);
}

/** Puts the session in the index of its owner (at its last update) and of everybody who speaks in `entries`. */
function indexWrites(
  redis: RedisConnection,
  session: SessionState,
  entries: readonly TranscriptEntry[],
  when: 'absent' | 'always',
): (() => Promise<unknown>)[] {
  const key = (person: PersonId): string => redis.keys.sessionsOf(person);
  const speakers = new Set(entries.flatMap((entry) => entry.personId ?? []));
  speakers.delete(session.ownerId);
  const owner = (): Promise<unknown> =>
    redis.plain((client) =>
      when === 'absent'
        ? client.zadd(key(session.ownerId), 'NX', session.updatedAt, session.id)
        : client.zadd(key(session.ownerId), session.updatedAt, session.id),
    );
  return [
    owner,
    ...[...speakers].map(
      (person) => (): Promise<unknown> =>
        redis.plain((client) => client.zadd(key(person), 'NX', session.updatedAt, session.id)),
    ),
  ];
}

function stateArguments(state: SessionState, texts: StoredTexts): (string | number)[] {
  const fields = Object.entries(state).filter(([, value]) => value !== undefined);
  return [
    fields.length,
    ...fields.flatMap(([field, value]) => [field, writeField(field, value, state.id, texts)]),
  ];
}

/** The place of a field of a session: what is encrypted cannot be put into another. */
export function ownerOfField(session: SessionId, field: string): string {
  return `${session}\n${field}`;
}

function writeField(field: string, value: unknown, session: SessionId, texts: StoredTexts): string {
  return isPlainField(field)
    ? JSON.stringify(value)
    : texts.write(value, 'session', ownerOfField(session, field));
}

function commitArguments(turn: TurnCommit, texts: StoredTexts): (string | number)[] {
  const removed = turn.removeEntries ?? [];
  return [
    ...stateArguments(turn.session, texts),
    removed.length,
    ...removed,
    ...entryArguments(turn.entries, turn.session.id, texts),
    turn.consumed.length,
    ...turn.consumed,
  ];
}

function fromFields(
  fields: readonly (readonly [string, string])[],
  session: SessionId,
  texts: StoredTexts,
): SessionState {
  const state = Object.fromEntries(
    fields.map(([field, value]) => [
      field,
      texts.read<unknown>(value, 'session', ownerOfField(session, field)),
    ]),
  );
  return state as unknown as SessionState;
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return found;
}
