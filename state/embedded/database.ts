import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import BackgroundDatabase from 'libsql/promise';
import { RapportError, reasonOf } from '../../config/errors.js';
import { makeFolder } from '../../config/folder.js';
import { storeWaitMs } from '../defaults.js';
import { migrations } from './schema.js';

/** Writes between two checkpoints in the background. */
const checkpointEvery = 200;
/** Pages of write-ahead log (4 kB each) at which a write has to checkpoint by itself, because the background cannot keep up. */
const logLimitPages = 8000;

type Parameter = string | number | null;
type Statement = Database.Statement;

/**
 * One connection to the state file: prepared statements, immediate transactions and coded errors.
 *
 * Several processes may open the same file: every write is one immediate transaction, and a process waits up to
 * {@link storeWaitMs} for another one's to end (RAPPORT_E_STORE_LOCKED after that). What a finished transaction wrote
 * is in the operating system's hands, so it outlives a killed process; `synchronous: 'full'` makes it outlive a power
 * cut as well.
 */
export class EmbeddedDatabase {
  readonly #db: Database.Database;
  readonly #background: InstanceType<typeof BackgroundDatabase>;
  readonly #statements = new Map<string, Statement>();
  #checkpointing: Promise<void> | null = null;
  #sinceCheckpoint = 0;
  #closed = false;

  private constructor(
    readonly file: string,
    db: Database.Database,
  ) {
    this.#db = db;
    this.#background = new BackgroundDatabase(file, { timeout: 0 });
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_STORE_LOCKED, RAPPORT_E_STORE_DAMAGED */
  static open(dataDir: string, synchronous: 'normal' | 'full'): EmbeddedDatabase {
    const file = join(dataDir, 'rapport.db');
    let opened: EmbeddedDatabase | null = null;
    try {
      makeFolder(dataDir);
      if (!existsSync(file)) {
        // SQLite gives the files beside it (-wal, -shm) the mode of this one.
        closeSync(openSync(file, 'a', 0o600));
        chmodSync(file, 0o600);
      }
      opened = new EmbeddedDatabase(file, new Database(file, { timeout: storeWaitMs }));
      opened.#db.pragma('journal_mode = WAL');
      opened.#db.pragma(`synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
      // What a person has erased must not linger in free pages.
      opened.#db.pragma('secure_delete = ON');
      opened.#db.pragma(`wal_autocheckpoint = ${logLimitPages}`);
      opened.#db.pragma('journal_size_limit = 4194304');
      opened.#migrate();
      return opened;
    } catch (thrown) {
      // A connection left open would keep the process from its end.
      if (opened) opened.#shut();
      throw coded(thrown, file);
    }
  }

  /** Every matching row. */
  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#statement(sql).all(...parameters) as Row[];
  }

  /** The first matching row. */
  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#statement(sql).get(...parameters) as Row | undefined;
  }

  /** The number of rows that changed. */
  run(sql: string, ...parameters: Parameter[]): number {
    return this.#statement(sql).run(...parameters).changes;
  }

  /** Runs `work` with errors turned into coded ones. */
  async read<T>(work: () => T): Promise<T> {
    try {
      this.#refuseClosed();
      return work();
    } catch (thrown) {
      throw coded(thrown, this.file);
    }
  }

  /** Runs `work` as one immediate transaction: all of it is written, or nothing where it throws. */
  async write<T>(work: () => T): Promise<T> {
    try {
      this.#refuseClosed();
      const result = this.#transaction(work);
      this.#countWrite();
      return result;
    } catch (thrown) {
      throw coded(thrown, this.file);
    }
  }

  /** Moves the write-ahead log into the file and empties it. */
  async emptyLog(): Promise<void> {
    // Two checkpoints at once would be one too many for SQLite.
    await this.#checkpointing;
    await this.read(() => this.#db.pragma('wal_checkpoint(TRUNCATE)'));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.emptyLog();
    this.#closed = true;
    this.#statements.clear();
    this.#shut();
  }

  #shut(): void {
    this.#background.close();
    this.#db.close();
  }

  /** A checkpoint waits for the disk (tens of ms), so it runs on a thread of libsql's, over a connection of its own. */
  #countWrite(): void {
    this.#sinceCheckpoint += 1;
    if (this.#sinceCheckpoint < checkpointEvery || this.#checkpointing) return;
    this.#sinceCheckpoint = 0;
    const done: Promise<void> = this.#background.exec('PRAGMA wal_checkpoint(PASSIVE)');
    // Where the background cannot, writes do it themselves, as SQLite would by default.
    this.#checkpointing = done
      .catch(() => void this.#db.pragma('wal_autocheckpoint = 1000'))
      .finally(() => {
        this.#checkpointing = null;
      });
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#db.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (thrown) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw thrown;
    }
  }

  #migrate(): void {
    this.#transaction(() => {
      const row = this.#db.prepare('PRAGMA user_version').get() as { user_version: number };
      if (row.user_version > migrations.length) {
        const reason = `${this.file} was written by a newer Rapport (schema ${row.user_version}, this one knows ${migrations.length})`;
        throw new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason });
      }
      for (const step of migrations.slice(row.user_version)) this.#db.exec(step);
      this.#db.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  }

  #refuseClosed(): void {
    if (this.#closed)
      throw new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: 'the embedded store is closed' });
  }
}

function coded(thrown: unknown, file: string): RapportError {
  if (thrown instanceof RapportError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new RapportError('RAPPORT_E_STORE_LOCKED', { file }, thrown);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new RapportError('RAPPORT_E_STORE_DAMAGED', { file, reason: reasonOf(thrown) }, thrown);
  return new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: `${file}: ${reasonOf(thrown)}` }, thrown);
}
