import { RapportError } from '../../config/errors.js';
import type { Clock } from '../../src/clock.js';
import type { Lease, Store } from '../../src/state/store.js';
import type { EmbeddedDatabase } from './database.js';

interface LeaseRow {
  readonly holder: string;
  readonly fence: number;
  readonly until: number;
  readonly touched: string;
}

export function embeddedLease(db: EmbeddedDatabase, clock: Clock): Store['lease'] {
  const drop = (lease: Lease): number =>
    db.run(
      'DELETE FROM lease WHERE session = ? AND fence = ? AND holder = ?',
      lease.sessionId,
      lease.fence,
      lease.holder,
    );
  return {
    acquire: (session, holder, ttlMs) =>
      db.write(() => {
        const now = clock.now();
        const row = db.get<LeaseRow>('SELECT * FROM lease WHERE session = ?', session);
        if (row && row.holder !== holder && row.until > now) return null;
        const fence = nextFence(db);
        db.run("REPLACE INTO lease VALUES (?, ?, ?, ?, '')", session, holder, fence, now + ttlMs);
        return { sessionId: session, holder, fence };
      }),
    renew: (lease, ttlMs) =>
      db.write(
        () =>
          db.run(
            'UPDATE lease SET until = ? WHERE session = ? AND fence = ? AND holder = ?',
            clock.now() + ttlMs,
            lease.sessionId,
            lease.fence,
            lease.holder,
          ) > 0,
      ),
    releaseIfInboxEmpty: (lease) =>
      db.write(() => {
        if (!heldLease(db, lease)) return 'lost';
        if (db.get('SELECT 1 FROM inbox WHERE session = ? LIMIT 1', lease.sessionId)) return 'kept';
        drop(lease);
        return 'released';
      }),
    release: (lease) =>
      db.write(() => {
        drop(lease);
      }),
  };
}

/** The row of a lease that nobody has taken over, or undefined. */
function heldLease(db: EmbeddedDatabase, lease: Lease): LeaseRow | undefined {
  return db.get<LeaseRow>(
    'SELECT * FROM lease WHERE session = ? AND fence = ? AND holder = ?',
    lease.sessionId,
    lease.fence,
    lease.holder,
  );
}

/** @throws RapportError RAPPORT_E_LEASE_LOST */
export function requireLease(db: EmbeddedDatabase, lease: Lease): LeaseRow {
  const row = heldLease(db, lease);
  if (!row) throw new RapportError('RAPPORT_E_LEASE_LOST', { id: lease.sessionId });
  return row;
}

function nextFence(db: EmbeddedDatabase): number {
  const row = db.get<{ value: number }>(
    "UPDATE counter SET value = value + 1 WHERE name = 'fence' RETURNING value",
  );
  if (!row) throw new Error('the fence counter is missing');
  return row.value;
}
