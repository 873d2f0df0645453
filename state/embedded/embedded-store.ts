import type { Clock } from '../../src/clock.js';
import type { SessionId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import { storeDefaults } from '../defaults.js';
import { StoredTexts } from '../stored-texts.js';
import { EmbeddedDatabase } from './database.js';
import { embeddedEncryption, noteKeys } from './encryption.js';
import { expireEmbedded } from './expire.js';
import { embeddedInbox } from './inbox.js';
import { embeddedLease } from './lease.js';
import { embeddedMatching } from './matching.js';
import { embeddedOutbox } from './outbox.js';
import { embeddedPeople } from './people.js';
import { embeddedReading } from './reading.js';
import { embeddedSessions } from './sessions.js';
import { embeddedTranscript } from './transcript.js';
import { embeddedValues } from './values.js';

export interface EmbeddedStoreOptions {
  /** Holds `rapport.db`; created (mode 0700, the file 0600) where it is missing. */
  readonly dataDir: string;
  readonly clock: Clock;
  /** Entries kept per session. */
  readonly transcriptCap?: number;
  /** How long a message id is remembered, ms. */
  readonly dedupeMs?: number;
  /** `normal`: nothing is lost when the process dies. `full`: nor when the power fails, at an fsync per write. */
  readonly synchronous?: 'normal' | 'full';
  /** By what people's words are encrypted; older keys behind commas. */
  readonly encryptionKey?: string | undefined;
}

/**
 * Opens the state in one SQLite file (libsql, write-ahead log).
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE when the file cannot be opened or was written by a newer version,
 * RAPPORT_E_STORE_LOCKED when another process keeps it locked, RAPPORT_E_ENCRYPTION_KEY, and RAPPORT_E_DATA_ENCRYPTED when
 * something is kept by a key that is not given.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { dataDir, clock } = options;
  const texts = new StoredTexts(options.encryptionKey);
  const db = EmbeddedDatabase.open(dataDir, options.synchronous ?? 'normal');
  try {
    await noteKeys(db, texts);
  } catch (error) {
    await db.close();
    throw error;
  }
  return {
    kind: 'embedded',
    inbox: embeddedInbox(db, texts, clock, options.dedupeMs ?? storeDefaults.dedupeMs),
    lease: embeddedLease(db, clock),
    sessions: embeddedSessions(db, texts, options.transcriptCap ?? storeDefaults.transcriptCap),
    transcript: embeddedTranscript(db, texts),
    outbox: embeddedOutbox(db, texts),
    recoverable: () =>
      db.read(() =>
        db
          .all<{ session: SessionId }>(
            'SELECT session FROM inbox UNION SELECT session FROM outbox ORDER BY session',
          )
          .map((row) => row.session),
      ),
    people: embeddedPeople(db, texts),
    matching: embeddedMatching(db),
    reading: embeddedReading(db),
    values: embeddedValues(db, texts, clock),
    expire: (expiry, signal) => expireEmbedded({ db, texts, signal }, expiry),
    encryption: embeddedEncryption(db, texts),
    health: async () => {
      try {
        // As every message does: a full disk or a file that may only be read would lose it.
        await db.write(() => db.run("UPDATE counter SET value = value WHERE name = 'fence'"));
        return { ok: true, detail: `embedded, ${db.file}`, warnings: [] };
      } catch (thrown) {
        return { ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown), warnings: [] };
      }
    },
    close: () => db.close(),
  };
}
