import type { SessionId } from '../../src/ids.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import type { Store, TranscriptPage } from '../../src/state/store.js';
import { fromStored, toStored } from '../stored-entry.js';
import type { StoredTexts } from '../stored-texts.js';
import type { RedisConnection } from './connection.js';

export function redisTranscript(redis: RedisConnection, texts: StoredTexts): Store['transcript'] {
  return {
    page: async (session, { limit, before }): Promise<TranscriptPage> => {
      const [more, ...flat] = (await redis.session(
        'page',
        session,
        limit,
        before === undefined ? '+inf' : `(${before}`,
      )) as [number, ...string[]];
      const entries: TranscriptEntry[] = [];
      let line: number | null = null;
      for (let i = 0; i < flat.length; i += 3) {
        line = Number(flat[i]);
        entries.push(fromStored(bodyOf(flat[i + 1] ?? ''), flat[i + 2] ?? '', session, texts));
      }
      return { entries: entries.reverse(), before: more === 1 ? line : null };
    },
    find: async (session, ids) => {
      const wanted = [...new Set(ids)];
      if (wanted.length === 0) return [];
      const fields = wanted.flatMap((id) => [`e:${id}`, `f:${id}`]);
      const values = await redis.plain((client) => client.hmget(redis.keys.session(session)[5], ...fields));
      return wanted.flatMap((_, place) => {
        const value = values[2 * place];
        return value ? [fromStored(bodyOf(value), values[2 * place + 1] ?? '', session, texts)] : [];
      });
    },
    feedback: async (session, entryId, feedback) =>
      (await redis.session('feedback', session, entryId, feedback ?? '')) === 1,
  };
}

/** Every entry of a session, oldest first. */
export async function wholeTranscript(
  redis: RedisConnection,
  texts: StoredTexts,
  session: SessionId,
): Promise<readonly TranscriptEntry[]> {
  const { entries } = await redisTranscript(redis, texts).page(session, { limit: 1_000_000 });
  return entries;
}

/** Entries as the scripts read them: a count, then id, value and feedback of each. */
export function entryArguments(
  entries: readonly TranscriptEntry[],
  session: SessionId,
  texts: StoredTexts,
): (string | number)[] {
  return [
    entries.length,
    ...entries
      .map((entry) => toStored(entry, session, texts))
      .flatMap(({ id, role, person, body, feedback }) => [
        id,
        `${role}\n${person === null ? '' : JSON.stringify(person)}\n${body}`,
        feedback ?? '',
      ]),
  ];
}

/** The entry behind the two lines that the scripts read. */
export function bodyOf(value: string): string {
  return value.slice(value.indexOf('\n', value.indexOf('\n') + 1) + 1);
}
