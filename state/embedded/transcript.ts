import type { SessionId } from '../../src/ids.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import { fromStored, toStored } from '../stored-entry.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';

interface EntryRow {
  readonly line: number;
  readonly feedback: string | null;
  readonly body: string;
}

export function embeddedTranscript(db: EmbeddedDatabase, texts: StoredTexts): Store['transcript'] {
  return {
    page: (session, { limit, before }) =>
      db.read(() => {
        const rows = db.all<EntryRow>(
          'SELECT line, feedback, body FROM entry WHERE session = ? AND line < ? ORDER BY line DESC LIMIT ?',
          session,
          before ?? Number.MAX_SAFE_INTEGER,
          limit + 1,
        );
        const shown = rows.slice(0, limit).reverse();
        return {
          entries: shown.map((row) => fromStored(row.body, row.feedback, session, texts)),
          before: rows.length > limit ? (shown[0]?.line ?? null) : null,
        };
      }),
    find: (session, ids) =>
      db.read(() =>
        [...new Set(ids)].flatMap((id) => {
          const row = db.get<EntryRow>(
            'SELECT line, feedback, body FROM entry WHERE session = ? AND id = ?',
            session,
            id,
          );
          return row ? [fromStored(row.body, row.feedback, session, texts)] : [];
        }),
      ),
    feedback: (session, entryId, feedback) =>
      db.write(
        () =>
          db.run(
            "UPDATE entry SET feedback = ? WHERE session = ? AND id = ? AND role = 'supporter'",
            feedback,
            session,
            entryId,
          ) > 0,
      ),
  };
}

/** Every entry of a session, oldest first. */
export function wholeTranscript(
  db: EmbeddedDatabase,
  texts: StoredTexts,
  session: SessionId,
): TranscriptEntry[] {
  return db
    .all<EntryRow>('SELECT line, feedback, body FROM entry WHERE session = ? ORDER BY line', session)
    .map((row) => fromStored(row.body, row.feedback, session, texts));
}

/** Replaces entries whose id is there, appends the others from `nextLine` on and keeps to the cap; returns the next free line. */
export function putEntries(
  db: EmbeddedDatabase,
  texts: StoredTexts,
  {
    session,
    entries,
    nextLine,
    cap,
  }: {
    readonly session: SessionId;
    readonly entries: readonly TranscriptEntry[];
    readonly nextLine: number;
    readonly cap: number;
  },
): number {
  let line = nextLine;
  for (const entry of entries) {
    const stored = toStored(entry, session, texts);
    const replaced = db.run(
      'UPDATE entry SET role = ?, person = ?, feedback = ?, body = ? WHERE session = ? AND id = ?',
      stored.role,
      stored.person,
      stored.feedback,
      stored.body,
      session,
      stored.id,
    );
    if (replaced > 0) continue;
    db.run(
      'INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)',
      session,
      line,
      stored.id,
      stored.role,
      stored.person,
      stored.feedback,
      stored.body,
    );
    line += 1;
  }
  if (line > nextLine) {
    db.run(
      'DELETE FROM entry WHERE session = ?1 AND line <= (SELECT line FROM entry WHERE session = ?1 ORDER BY line DESC LIMIT 1 OFFSET ?2)',
      session,
      cap,
    );
  }
  return line;
}
