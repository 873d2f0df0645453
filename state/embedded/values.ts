import type { Clock } from '../../src/clock.js';
import type { Store } from '../../src/state/store.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';

export function embeddedValues(db: EmbeddedDatabase, texts: StoredTexts, clock: Clock): Store['values'] {
  return {
    get: (key) =>
      db.read(() => {
        const row = db.get<{ value: string }>(
          'SELECT value FROM platform WHERE key = ? AND (until IS NULL OR until > ?)',
          key,
          clock.now(),
        );
        return row ? texts.open(row.value, 'platform', key) : null;
      }),
    set: (key, value, ttlMs) =>
      db.write(() => {
        const now = clock.now();
        db.run('DELETE FROM platform WHERE until <= ?', now);
        db.run(
          'REPLACE INTO platform VALUES (?, ?, ?)',
          key,
          texts.sealValue(value, key),
          ttlMs === undefined ? null : now + ttlMs,
        );
      }),
    increment: (key, ttlMs, by = 1) =>
      db.write(() => {
        const now = clock.now();
        db.run('DELETE FROM platform WHERE until <= ?', now);
        const row = db.get<{ value: string }>(
          `INSERT INTO platform VALUES (?1, CAST(CAST(?3 AS INTEGER) AS TEXT), ?2)
             ON CONFLICT (key) DO UPDATE SET value = CAST(value + CAST(?3 AS INTEGER) AS TEXT) RETURNING value`,
          key,
          now + ttlMs,
          by,
        );
        return Number(row?.value);
      }),
    remove: (key) =>
      db.write(() => {
        db.run('DELETE FROM platform WHERE key = ?', key);
      }),
  };
}
