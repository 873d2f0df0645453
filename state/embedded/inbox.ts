import type { Clock } from '../../src/clock.js';
import type { SessionId } from '../../src/ids.js';
import type { InboundMessage } from '../../src/state/session.js';
import type { OutboxSegment, Store } from '../../src/state/store.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';
import { requireLease } from './lease.js';

/** Dedupe marks that have run out are cleared away once in so many records. */
const sweepEvery = 256;

export function embeddedInbox(
  db: EmbeddedDatabase,
  texts: StoredTexts,
  clock: Clock,
  dedupeMs: number,
): Store['inbox'] {
  let sinceSweep = 0;
  const waiting = (session: SessionId): InboundMessage[] =>
    db
      .all<{ body: string }>('SELECT body FROM inbox WHERE session = ? ORDER BY seq', session)
      .map((row) => texts.read<InboundMessage>(row.body, 'inbox', session));
  return {
    record: (message) =>
      db.write(() => {
        const now = clock.now();
        const fresh = db.run(
          `INSERT INTO seen VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET until = excluded.until WHERE until <= ?`,
          message.sessionId,
          message.id,
          now + dedupeMs,
          now,
        );
        if (fresh === 0) return 'duplicate';
        // A message that has waited longer than its mark lives is still there.
        const added = db.run(
          'INSERT INTO inbox (session, id, person, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
          message.sessionId,
          message.id,
          message.personId,
          texts.write(message, 'inbox', message.sessionId),
        );
        sinceSweep += 1;
        if (sinceSweep >= sweepEvery) {
          sinceSweep = 0;
          db.run('DELETE FROM seen WHERE until <= ?', now);
        }
        return added === 0 ? 'duplicate' : 'recorded';
      }),
    pending: (lease) =>
      db.read(() => {
        requireLease(db, lease);
        return waiting(lease.sessionId);
      }),
    waiting: (session) => db.read(() => waiting(session)),
    count: (session) =>
      db.read(
        () => db.get<{ n: number }>('SELECT count(*) AS n FROM inbox WHERE session = ?', session)?.n ?? 0,
      ),
    amend: (session, id, text) =>
      db.write(() => {
        const row = db.get<{ body: string }>(
          'SELECT body FROM inbox WHERE session = ? AND id = ?',
          session,
          id,
        );
        if (!row) return false;
        const amended: InboundMessage = { ...texts.read<InboundMessage>(row.body, 'inbox', session), text };
        const body = texts.write(amended, 'inbox', session);
        return db.run('UPDATE inbox SET body = ? WHERE session = ? AND id = ?', body, session, id) > 0;
      }),
    withdraw: (session, id) =>
      db.write(() => {
        const answered = db
          .all<{ body: string }>('SELECT body FROM outbox WHERE session = ?', session)
          .some(({ body }) => texts.read<OutboxSegment>(body, 'outbox', session).covers.includes(id));
        if (answered) return false;
        return db.run('DELETE FROM inbox WHERE session = ? AND id = ?', session, id) > 0;
      }),
  };
}
