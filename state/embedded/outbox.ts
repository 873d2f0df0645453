import type { SessionId } from '../../src/ids.js';
import type { Receipt } from '../../src/state/address.js';
import type { OutboxSegment, Store } from '../../src/state/store.js';
import type { StoredTexts } from '../stored-texts.js';
import { byTurnAndSegment, sessionOf } from '../turn-order.js';
import type { EmbeddedDatabase } from './database.js';
import { requireLease } from './lease.js';

interface OutboxRow {
  readonly body: string;
  readonly receipt: string | null;
}

export function embeddedOutbox(db: EmbeddedDatabase, texts: StoredTexts): Store['outbox'] {
  const toSegment = ({ body, receipt }: OutboxRow, session: SessionId): OutboxSegment => {
    const rest = texts.read<Omit<OutboxSegment, 'receipt'>>(body, 'outbox', session);
    return { ...rest, receipt: receipt === null ? null : (JSON.parse(receipt) as Receipt) };
  };
  return {
    intend: (lease, segment) =>
      db.write(() => {
        requireLease(db, lease);
        const { receipt, ...rest } = segment;
        db.run(
          `INSERT INTO outbox VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET body = excluded.body, receipt = coalesce(receipt, excluded.receipt)`,
          lease.sessionId,
          segment.turnId,
          segment.segment,
          texts.write(rest, 'outbox', lease.sessionId),
          receipt ? JSON.stringify(receipt) : null,
        );
      }),
    receipt: (turn, segment, receipt) =>
      db.write(() => {
        db.run(
          'UPDATE outbox SET receipt = ? WHERE session = ? AND turn = ? AND segment = ?',
          JSON.stringify(receipt),
          sessionOf(turn),
          turn,
          segment,
        );
      }),
    pending: (session) =>
      db.read(() =>
        db
          .all<OutboxRow>('SELECT body, receipt FROM outbox WHERE session = ?', session)
          .map((row) => toSegment(row, session))
          .sort(byTurnAndSegment),
      ),
  };
}
