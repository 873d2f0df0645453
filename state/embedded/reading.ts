import type { SessionId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import type { EmbeddedDatabase } from './database.js';

export function embeddedReading(db: EmbeddedDatabase): Store['reading'] {
  return {
    note: (session, at) =>
      db.write(() => {
        db.run('REPLACE INTO reading VALUES (?, ?)', session, at);
      }),
    quiet: (before, limit) =>
      db.read(() =>
        db
          .all<{ session: SessionId }>(
            'SELECT session FROM reading WHERE at < ? ORDER BY at, session LIMIT ?',
            before,
            limit,
          )
          .map(({ session }) => session),
      ),
    take: (session, before, until) =>
      db.write(
        () => db.run('UPDATE reading SET at = ? WHERE session = ? AND at < ?', until, session, before) > 0,
      ),
    done: (session, until) =>
      db.write(() => {
        db.run('DELETE FROM reading WHERE session = ? AND at = ?', session, until);
      }),
  };
}
