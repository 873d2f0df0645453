import { RapportError } from '../../config/errors.js';
import type { SessionId } from '../../src/ids.js';
import type { SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import { changedFields, summaryOf } from '../session-fields.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';
import { requireLease } from './lease.js';
import { putEntries } from './transcript.js';

interface SessionRow {
  readonly next_line: number;
  readonly body: string;
}

export function embeddedSessions(db: EmbeddedDatabase, texts: StoredTexts, cap: number): Store['sessions'] {
  const read = (body: string, id: SessionId): SessionState => texts.read<SessionState>(body, 'session', id);
  const row = (id: SessionId): SessionRow | undefined =>
    db.get<SessionRow>('SELECT next_line, body FROM session WHERE id = ?', id);

  const put = (state: SessionState, entries: readonly TranscriptEntry[], nextLine: number): void => {
    db.run(
      'REPLACE INTO session VALUES (?, ?, ?, ?, ?)',
      state.id,
      state.ownerId,
      state.updatedAt,
      putEntries(db, texts, { session: state.id, entries, nextLine, cap }),
      texts.write(state, 'session', state.id),
    );
  };

  return {
    create: (session, entries, lease) =>
      db.write(() => {
        if (lease) requireLease(db, lease);
        if (row(session.id)) return false;
        put(session, entries, 1);
        return true;
      }),

    get: (id) =>
      db.read(() => {
        const found = row(id);
        return found ? read(found.body, id) : null;
      }),

    commit: (lease, turn) =>
      db.write(() => {
        const { touched } = requireLease(db, lease);
        const id = lease.sessionId;
        if (turn.session.id !== id) throw new RapportError('RAPPORT_E_LEASE_LOST', { id: turn.session.id });
        const stored = row(id);
        const state =
          stored && touched !== '' ? keepFields(turn.session, read(stored.body, id), touched) : turn.session;
        for (const entry of turn.removeEntries ?? [])
          db.run('DELETE FROM entry WHERE session = ? AND id = ?', id, entry);
        put(state, turn.entries, stored?.next_line ?? 1);
        for (const message of turn.consumed)
          db.run('DELETE FROM inbox WHERE session = ? AND id = ?', id, message);
        db.run('DELETE FROM outbox WHERE session = ? AND turn = ?', id, turn.turnId);
        if (touched !== '') db.run("UPDATE lease SET touched = '' WHERE session = ?", id);
      }),

    update: (id, change) =>
      db.write(() => {
        const stored = row(id);
        if (!stored) return null;
        const fields = changedFields(change);
        const state = withFields(read(stored.body, id), fields);
        db.run('UPDATE session SET body = ? WHERE id = ?', texts.write(state, 'session', id), id);
        const marks = fields.map(([field]) => `${field},`).join('');
        db.run('UPDATE lease SET touched = touched || ? WHERE session = ?', marks, id);
        return state;
      }),

    list: (person, { limit, offset }) =>
      db.read(() =>
        db
          .all<SessionRow & { id: SessionId }>(
            'SELECT id, next_line, body FROM session WHERE owner = ? ORDER BY updated_at DESC, id LIMIT ? OFFSET ?',
            person,
            limit,
            offset,
          )
          .map((found) => summaryOf(read(found.body, found.id))),
      ),

    remove: (id) => db.write(() => removeSession(db, id) !== null),
  };
}

/**
 * Deletes everything of a session but its dedupe marks, and its lease, so that a turn that still runs cannot write
 * it back. Returns the number of entries that went, null if there was neither a session nor a waiting message.
 */
export function removeSession(db: EmbeddedDatabase, id: SessionId): number | null {
  const sessions = db.run('DELETE FROM session WHERE id = ?', id);
  const entries = db.run('DELETE FROM entry WHERE session = ?', id);
  const messages = db.run('DELETE FROM inbox WHERE session = ?', id);
  db.run('DELETE FROM outbox WHERE session = ?', id);
  db.run('DELETE FROM lease WHERE session = ?', id);
  db.run('DELETE FROM reading WHERE session = ?', id);
  return sessions + messages === 0 ? null : entries;
}

/** `next` with the named fields as they are stored. */
function keepFields(next: SessionState, state: SessionState, touched: string): SessionState {
  const stored: Readonly<Record<string, unknown>> = { ...state };
  const names = new Set(touched.split(',').filter((name) => name !== ''));
  return withFields(
    next,
    [...names].map((name) => [name, stored[name] ?? null]),
  );
}

function withFields(state: SessionState, fields: readonly (readonly [string, unknown])[]): SessionState {
  const merged: Record<string, unknown> = { ...state };
  for (const [field, value] of fields) {
    if (value === null) delete merged[field];
    else merged[field] = value;
  }
  return merged as unknown as SessionState;
}
