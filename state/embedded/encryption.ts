import { setImmediate as otherWork } from 'node:timers/promises';
import type { Store } from '../../src/state/store.js';
import { encryptionOf, type Kept, type StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';

/** Rows written anew in one transaction: a few ms. */
const batch = 100;

/** A table with texts: the column they are in, the one that says whose they are, and the columns of its key, in order. */
interface TextTable {
  readonly kept: Kept;
  readonly text: string;
  readonly owner: string;
  readonly key: readonly string[];
}

const tables: readonly TextTable[] = [
  { kept: 'session', text: 'body', owner: 'id', key: ['id'] },
  { kept: 'entry', text: 'body', owner: 'session', key: ['session', 'line'] },
  { kept: 'inbox', text: 'body', owner: 'session', key: ['seq'] },
  { kept: 'outbox', text: 'body', owner: 'session', key: ['session', 'turn', 'segment'] },
  { kept: 'profile', text: 'body', owner: 'person', key: ['person'] },
  { kept: 'memory', text: 'body', owner: 'person', key: ['person', 'id'] },
  { kept: 'platform', text: 'value', owner: 'key', key: ['key'] },
];

/**
 * Notes the key that encrypts, before anything is written by it.
 * @throws RapportError RAPPORT_E_DATA_ENCRYPTED when something is kept by a key that is missing.
 */
export async function noteKeys(db: EmbeddedDatabase, texts: StoredTexts): Promise<void> {
  const notes = await db.read(() =>
    texts.notesAtStart(
      notesOf(db),
      tables.every(({ kept }) => db.get(`SELECT 1 FROM ${kept} LIMIT 1`) === undefined),
    ),
  );
  if (notes.length === 0) return;
  await db.write(() => {
    for (const note of notes) db.run('INSERT OR IGNORE INTO encryption VALUES (?)', note);
  });
}

export function embeddedEncryption(db: EmbeddedDatabase, texts: StoredTexts): Store['encryption'] {
  return {
    state: () => db.read(() => encryptionOf(texts, notesOf(db))),
    renew: async () => {
      const key = texts.requiredKeyId();
      let count = 0;
      for (const table of tables) count += await renewTable(db, texts, table);
      await db.write(() => {
        db.run('DELETE FROM encryption WHERE note <> ?', key);
      });
      // The write-ahead log still holds the old pages until it is emptied.
      await db.emptyLog();
      return count;
    },
  };
}

async function renewTable(
  db: EmbeddedDatabase,
  texts: StoredTexts,
  { kept, text, owner, key }: TextTable,
): Promise<number> {
  const columns = key.join(', ');
  const places = key.map(() => '?').join(', ');
  const update = `UPDATE ${kept} SET ${text} = ? WHERE ${key.map((name) => `${name} = ?`).join(' AND ')}`;
  const select = `SELECT ${text} AS text, ${owner} AS owner, ${columns} FROM ${kept}`;
  let count = 0;
  let last: (string | number)[] | null = null;
  for (;;) {
    const rows: Record<string, string | number>[] = await db.write(() => {
      const found: Record<string, string | number>[] = last
        ? db.all(`${select} WHERE (${columns}) > (${places}) ORDER BY ${columns} LIMIT ${batch}`, ...last)
        : db.all(`${select} ORDER BY ${columns} LIMIT ${batch}`);
      for (const row of found) {
        const renewed = texts.renewed(String(row.text), kept, String(row.owner));
        if (renewed !== null) count += db.run(update, renewed, ...keyOf(row, key));
      }
      return found;
    });
    const end = rows.at(-1);
    if (end === undefined || rows.length < batch) return count;
    last = keyOf(end, key);
    await otherWork();
  }
}

function keyOf(row: Readonly<Record<string, string | number>>, key: readonly string[]): (string | number)[] {
  return key.map((name) => row[name] ?? '');
}

function notesOf(db: EmbeddedDatabase): string[] {
  return db.all<{ note: string }>('SELECT note FROM encryption ORDER BY note').map(({ note }) => note);
}
