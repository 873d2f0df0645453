import { sessionId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import { isPlainField } from '../session-fields.js';
import { encryptionOf, type Kept, type StoredTexts } from '../stored-texts.js';
import type { RedisConnection } from './connection.js';
import { everyKey } from './every-key.js';
import { ownerOfField } from './sessions.js';

/** Fields of a hash looked at in one step of a scan. */
const scanned = 200;

/** What stands in front of a text, the text, and whose it is; null where there is none. */
type TextIn = (
  field: string,
  value: string,
) => { readonly head: string; readonly text: string; readonly owner: string } | null;

/**
 * Notes the key that encrypts, before anything is written by it.
 * @throws RapportError RAPPORT_E_DATA_ENCRYPTED when something is kept by a key that is missing.
 */
export async function noteKeys(redis: RedisConnection, texts: StoredTexts): Promise<void> {
  const noted = await notesOf(redis);
  // Only at the first start with a key: whether anything is there is a scan.
  const first = texts.keyId !== null && noted.length === 0;
  const notes = texts.notesAtStart(noted, first && (await isEmpty(redis)));
  if (notes.length > 0) await redis.plain((client) => client.sadd(redis.keys.encryption, ...notes));
}

export function redisEncryption(redis: RedisConnection, texts: StoredTexts): Store['encryption'] {
  return {
    state: async () => encryptionOf(texts, await notesOf(redis)),
    renew: async () => {
      const key = texts.requiredKeyId();
      let count = 0;
      for await (const name of everyKey(redis)) count += await renewKey(redis, texts, name);
      const older = (await notesOf(redis)).filter((note) => note !== key);
      if (older.length > 0) await redis.plain((client) => client.srem(redis.keys.encryption, ...older));
      return count;
    },
  };
}

async function isEmpty(redis: RedisConnection): Promise<boolean> {
  for await (const _ of everyKey(redis)) return false;
  return true;
}

async function renewKey(redis: RedisConnection, texts: StoredTexts, name: string): Promise<number> {
  const place = redis.keys.placeOf(name);
  if (!place) return 0;
  const { kept, owner } = place;
  if (kept === 'profile' || kept === 'platform') return renewString(redis, texts, { name, kept, owner });
  let count = 0;
  let cursor = '0';
  do {
    const [next, flat] = await redis.plain((client) => client.hscan(name, cursor, 'COUNT', scanned));
    cursor = next;
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const [field = '', value = ''] = flat.slice(i, i + 2);
      const found = textIn[kept](owner)(field, value);
      const renewed = found && texts.renewed(found.text, kept, found.owner);
      if (found && renewed !== null)
        count += (await redis.value('replaceField', name, field, value, found.head + renewed)) as number;
    }
  } while (cursor !== '0');
  return count;
}

async function renewString(
  redis: RedisConnection,
  texts: StoredTexts,
  { name, kept, owner }: { readonly name: string; readonly kept: Kept; readonly owner: string },
): Promise<number> {
  const value = await redis.plain((client) => client.get(name));
  const renewed = value === null ? null : texts.renewed(value, kept, owner);
  if (value === null || renewed === null) return 0;
  return (await redis.value('replace', name, value, renewed)) as number;
}

const whole: (owner: string) => TextIn = (owner) => (_, text) => ({ head: '', text, owner });

/** Where in a field of a hash its text stands (keys.ts). */
const textIn: Readonly<Record<Exclude<Kept, 'profile' | 'platform'>, (owner: string) => TextIn>> = {
  memory: whole,
  session: (id) => (field, text) =>
    isPlainField(field) ? null : { head: '', text, owner: ownerOfField(sessionId(id), field) },
  inbox: (owner) => (_, value) => behind(value, 2, owner),
  entry: (owner) => (field, value) => (field.startsWith('e:') ? behind(value, 2, owner) : null),
  outbox: (owner) => (field, value) => (field.startsWith('s:') ? behind(value, 1, owner) : null),
};

/** What stands behind so many lines. */
function behind(value: string, lines: number, owner: string): ReturnType<TextIn> {
  let end = 0;
  for (let n = 0; n < lines; n += 1) end = value.indexOf('\n', end) + 1;
  return { head: value.slice(0, end), text: value.slice(end), owner };
}

function notesOf(redis: RedisConnection): Promise<string[]> {
  return redis.plain((client) => client.smembers(redis.keys.encryption));
}
