import { setImmediate as otherWork } from 'node:timers/promises';
import type { PersonId, SessionId } from '../../src/ids.js';
import type { Profile, UserMemory } from '../../src/memory/profile.js';
import type { SessionState } from '../../src/state/session.js';
import type { Expired, Expiry } from '../../src/state/store.js';
import { expiredProfile } from '../expired-profile.js';
import { Readable } from '../readable.js';
import { fromStored } from '../stored-entry.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';
import { removeSession } from './sessions.js';

/** Rows looked at in one transaction: a few ms. */
const batch = 50;

interface Sweep {
  readonly db: EmbeddedDatabase;
  readonly texts: StoredTexts;
  readonly signal: AbortSignal | undefined;
  readonly readable: Readable;
}

/** Removes what is older than it may be, in small steps between which others work; an aborted one ends after its step. */
export async function expireEmbedded(
  given: Omit<Sweep, 'readable'>,
  { lines, facts, personas }: Expiry,
): Promise<Expired> {
  const { db } = given;
  const sweep = { ...given, readable: new Readable() };
  const gone = { sessions: 0, entries: 0, memories: 0, personas: 0 };
  if (lines !== undefined) {
    await step(sweep, () => {
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
    gone.entries += await dropOldLines(sweep, lines);
    gone.memories += await dropUnconfirmed(sweep, lines);
    await step(sweep, () =>
      db.run(
        `DELETE FROM observation WHERE (person, session, character) IN
           (SELECT person, session, character FROM observation WHERE at < ? LIMIT ${batch})`,
        lines,
      ),
    );
  }
  if (facts !== undefined)
    await step(sweep, () => {
      const removed = db.run(
        `DELETE FROM memory WHERE (person, id) IN (SELECT person, id FROM memory WHERE at < ? LIMIT ${batch})`,
        facts,
      );
      gone.memories += removed;
      return removed;
    });
  if (personas !== undefined) gone.personas = await dropOldPersonas(sweep, personas);
  // The write-ahead log still holds the old pages until it is emptied.
  if (Object.values(gone).some((count) => count > 0)) await db.emptyLog();
  return { ...gone, unreadable: sweep.readable.unreadable };
}

/** The oldest lines of every conversation that goes on, as far as they are older. */
async function dropOldLines(sweep: Sweep, before: number): Promise<number> {
  const { db } = sweep;
  let count = 0;
  let last = '';
  const long = new Map<SessionId, number>();
  await step(sweep, () => {
    const sessions = db.all<{ id: SessionId }>(
      `SELECT id FROM session WHERE id > ? ORDER BY id LIMIT ${batch}`,
      last,
    );
    for (const { id } of sessions) {
      const { gone, next } = dropSomeLines(sweep, id, before, -1);
      count += gone;
      if (next !== null) long.set(id, next);
      dropOldSummary(sweep, id, before);
      last = id;
    }
    return sessions.length;
  });
  for (const [id, first] of long) {
    let after: number | null = first;
    await step(sweep, () => {
      const { gone, next } = dropSomeLines(sweep, id, before, after ?? -1);
      count += gone;
      after = next;
      return next === null ? 0 : batch;
    });
  }
  return count;
}

/** Of a batch of lines those that are older, up to the first that is not; `next` is after which line to go on, if at all. */
function dropSomeLines(
  { db, texts, readable }: Sweep,
  id: SessionId,
  before: number,
  after: number,
): { readonly gone: number; readonly next: number | null } {
  const oldest = db.all<{ line: number; body: string }>(
    `SELECT line, body FROM entry WHERE session = ? AND line > ? ORDER BY line LIMIT ${batch}`,
    id,
    after,
  );
  let gone = 0;
  for (const { line, body } of oldest) {
    const at = readable.time(() => fromStored(body, null, id, texts).at);
    if (at === null) continue;
    if (at >= before) return { gone, next: null };
    gone += db.run('DELETE FROM entry WHERE session = ? AND line = ?', id, line);
  }
  return { gone, next: oldest.length < batch ? null : (oldest.at(-1)?.line ?? null) };
}

/** Facts that were read in lines that are older, and that nobody has confirmed, go with these lines. */
async function dropUnconfirmed(sweep: Sweep, before: number): Promise<number> {
  const { db, texts, readable } = sweep;
  let count = 0;
  let last = { person: '', id: '' };
  await step(sweep, () => {
    const rows = db.all<{ person: PersonId; id: string; body: string }>(
      `SELECT person, id, body FROM memory WHERE at < ?1 AND (person, id) > (?2, ?3) ORDER BY person, id LIMIT ${batch}`,
      before,
      last.person,
      last.id,
    );
    for (const row of rows) {
      if (readable.row(() => texts.read<UserMemory>(row.body, 'memory', row.person))?.source?.open)
        count += db.run('DELETE FROM memory WHERE person = ? AND id = ?', row.person, row.id);
      last = row;
    }
    return rows.length;
  });
  return count;
}

/** The summary of a conversation tells of lines that are older: it goes with them. */
function dropOldSummary({ db, texts, readable }: Sweep, id: SessionId, before: number): void {
  const row = db.get<{ body: string }>('SELECT body FROM session WHERE id = ?', id);
  const state = row && readable.row(() => texts.read<SessionState>(row.body, 'session', id));
  if (!state?.summary || state.summary.from >= before) return;
  const { summary: _, ...kept } = state;
  db.run('UPDATE session SET body = ? WHERE id = ?', texts.write(kept, 'session', id), id);
  db.run("UPDATE lease SET touched = touched || 'summary,' WHERE session = ?", id);
}

/** Personas that were last changed before, but for what {@link expiredProfile} keeps. */
async function dropOldPersonas(sweep: Sweep, before: number): Promise<number> {
  const { db, texts, readable } = sweep;
  let count = 0;
  let last = '';
  await step(sweep, () => {
    const rows = db.all<{ person: PersonId; body: string }>(
      `SELECT person, body FROM profile WHERE person > ? ORDER BY person LIMIT ${batch}`,
      last,
    );
    for (const { person, body } of rows) {
      last = person;
      const known = readable.row(() => texts.read<Profile>(body, 'profile', person));
      if (known === null) continue;
      const left = known.updatedAt < before ? expiredProfile(known) : known;
      if (left === null) count += db.run('DELETE FROM profile WHERE person = ?', person);
      else if (left !== known)
        count += db.run(
          'UPDATE profile SET body = ? WHERE person = ?',
          texts.write(left, 'profile', person),
          person,
        );
    }
    return rows.length;
  });
  return count;
}

/** Repeats a transaction until it finds less than a whole batch, or the sweep is to end. */
async function step({ db, signal }: Sweep, work: () => number): Promise<void> {
  while (!signal?.aborted && (await db.write(work)) >= batch) await otherWork();
}
