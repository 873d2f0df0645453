import type { Receipt } from '../../src/state/address.js';
import type { OutboxSegment, Store } from '../../src/state/store.js';
import { byTurnAndSegment, sessionOf } from '../turn-order.js';
import type { EmbeddedDatabase } from './database.js';
import { requireLease } from './lease.js';

interface OutboxRow {
  readonly body: string;
  readonly receipt: string | null;
}

export function embeddedOutbox(db: EmbeddedDatabase): Store['outbox'] {
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
          JSON.stringify(rest),
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
          .map(toSegment)
          .sort(byTurnAndSegment),
      ),
  };
}

function toSegment(row: OutboxRow): OutboxSegment {
  const rest = JSON.parse(row.body) as Omit<OutboxSegment, 'receipt'>;
  return { ...rest, receipt: row.receipt === null ? null : (JSON.parse(row.receipt) as Receipt) };
}
