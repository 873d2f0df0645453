import { setImmediate as otherWork } from 'node:timers/promises';
import type { PersonId, SessionId } from '../../src/ids.js';
import type { Profile, UserMemory } from '../../src/memory/profile.js';
import type { SessionState } from '../../src/state/session.js';
import type { Expired, Expiry } from '../../src/state/store.js';
import { expiredProfile } from '../expired-profile.js';
import { fromStored } from '../stored-entry.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';
import { removeSession } from './sessions.js';

/** Rows looked at in one transaction: a few ms. */
const batch = 50;

/** Removes what is older than it may be, in small steps between which others work. */
export async function expireEmbedded(
  db: EmbeddedDatabase,
  texts: StoredTexts,
  { lines, facts, personas }: Expiry,
): Promise<Expired> {
  const gone = { sessions: 0, entries: 0, memories: 0, personas: 0 };
  if (lines !== undefined) {
    await step(db, () => {
      const old = db.all<{ id: SessionId }>(
        `SELECT id FROM session WHERE updated_at < ? AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.session = session.id)
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.session = session.id)
         ORDER BY updated_at LIMIT ${batch}`,
        lines,
      );
      for (const { id } of old) gone.entries += removeSession(db, id) ?? 0;
      gone.sessions += old.length;
      return old.length;
    });
    gone.entries += await dropOldLines(db, texts, lines);
    gone.memories += await dropUnconfirmed(db, texts, lines);
    await step(db, () =>
      db.run(
        `DELETE FROM observation WHERE (person, session, character) IN
           (SELECT person, session, character FROM observation WHERE at < ? LIMIT ${batch})`,
        lines,
      ),
    );
  }
  if (facts !== undefined)
    await step(db, () => {
      const removed = db.run(
        `DELETE FROM memory WHERE (person, id) IN (SELECT person, id FROM memory WHERE at < ? LIMIT ${batch})`,
        facts,
      );
      gone.memories += removed;
      return removed;
    });
  if (personas !== undefined) gone.personas = await dropOldPersonas(db, texts, personas);
  // The write-ahead log still holds the old pages until it is emptied.
  if (Object.values(gone).some((count) => count > 0)) await db.emptyLog();
  return gone;
}

/** The oldest lines of every conversation that goes on, as far as they are older. */
async function dropOldLines(db: EmbeddedDatabase, texts: StoredTexts, before: number): Promise<number> {
  let count = 0;
  let last = '';
  await step(db, () => {
    const sessions = db.all<{ id: SessionId }>(
      `SELECT id FROM session WHERE id > ? ORDER BY id LIMIT ${batch}`,
      last,
    );
    for (const { id } of sessions) {
      // A long one is finished by the next sweeps.
      const oldest = db.all<{ line: number; body: string }>(
        `SELECT line, body FROM entry WHERE session = ? ORDER BY line LIMIT ${batch}`,
        id,
      );
      for (const { line, body } of oldest) {
        if (fromStored(body, null, id, texts).at >= before) break;
        count += db.run('DELETE FROM entry WHERE session = ? AND line = ?', id, line);
      }
      dropOldSummary(db, texts, id, before);
      last = id;
    }
    return sessions.length;
  });
  return count;
}

/** Facts that were read in lines that are older, and that nobody has confirmed, go with these lines. */
async function dropUnconfirmed(db: EmbeddedDatabase, texts: StoredTexts, before: number): Promise<number> {
  let count = 0;
  let last = { person: '', id: '' };
  await step(db, () => {
    const rows = db.all<{ person: PersonId; id: string; body: string }>(
      `SELECT person, id, body FROM memory WHERE at < ?1 AND (person, id) > (?2, ?3) ORDER BY person, id LIMIT ${batch}`,
      before,
      last.person,
      last.id,
    );
    for (const row of rows) {
      if (texts.read<UserMemory>(row.body, 'memory', row.person).source?.open)
        count += db.run('DELETE FROM memory WHERE person = ? AND id = ?', row.person, row.id);
      last = row;
    }
    return rows.length;
  });
  return count;
}

/** The summary of a conversation tells of lines that are older: it goes with them. */
function dropOldSummary(db: EmbeddedDatabase, texts: StoredTexts, id: SessionId, before: number): void {
  const row = db.get<{ body: string }>('SELECT body FROM session WHERE id = ?', id);
  const state = row && texts.read<SessionState>(row.body, 'session', id);
  if (!state?.summary || state.summary.from >= before) return;
  const { summary: _, ...kept } = state;
  db.run('UPDATE session SET body = ? WHERE id = ?', texts.write(kept, 'session', id), id);
  db.run("UPDATE lease SET touched = touched || 'summary,' WHERE session = ?", id);
}

/** Personas that were last changed before, but for what {@link expiredProfile} keeps. */
async function dropOldPersonas(db: EmbeddedDatabase, texts: StoredTexts, before: number): Promise<number> {
  let count = 0;
  let last = '';
  await step(db, () => {
    const rows = db.all<{ person: PersonId; body: string }>(
      `SELECT person, body FROM profile WHERE person > ? ORDER BY person LIMIT ${batch}`,
      last,
    );
    for (const { person, body } of rows) {
      const known = texts.read<Profile>(body, 'profile', person);
      const left = known.updatedAt < before ? expiredProfile(known) : known;
      if (left === null) count += db.run('DELETE FROM profile WHERE person = ?', person);
      else if (left !== known)
        count += db.run(
          'UPDATE profile SET body = ? WHERE person = ?',
          texts.write(left, 'profile', person),
          person,
        );
      last = person;
    }
    return rows.length;
  });
  return count;
}

/** Repeats a transaction until it finds less than a whole batch. */
async function step(db: EmbeddedDatabase, work: () => number): Promise<void> {
  while ((await db.write(work)) >= batch) await otherWork();
}
