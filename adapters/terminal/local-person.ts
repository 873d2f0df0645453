import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../config/folder.js';
import type { Whereabouts } from '../../src/care/where.js';
import { type PersonId, personId } from '../../src/ids.js';

/**
 * Who sits at the terminal: `terminal:<user>@<host>`, so that people who share a Redis from several machines are not
 * taken for one.
 */
export function terminalPerson(): PersonId {
  return personId(`terminal:${userName()}@${hostname()}`);
}

/** A user of a container may have no name, which `userInfo` answers with an error. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `uid-${process.getuid?.() ?? 0}`;
  }
}

/** Where this machine is by its settings: the time zone (`TZ`, else the system's) and the language (`LC_ALL`, `LANG`). */
export function localWhereabouts(environment: NodeJS.ProcessEnv): Whereabouts {
  return {
    timeZone: environment.TZ?.replace(/^:/, '') || Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: environment.LC_ALL || environment.LANG,
  };
}

/** Lines kept. */
const maxLines = 500;

/** What was typed in earlier runs, for the arrow keys: one file in the data folder that only its owner can read. */
export class HistoryFile {
  readonly #dataDir: string;
  readonly #file: string;
  readonly #kept: boolean;

  /** @param kept false where texts at rest are encrypted: then there is none, and an earlier one goes. */
  constructor(dataDir: string, kept = true) {
    this.#dataDir = dataDir;
    this.#kept = kept;
    this.#file = join(dataDir, 'terminal-history');
  }

  /** Latest first, as readline wants it. */
  read(): string[] {
    if (!this.#kept) this.remove();
    return existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n').filter(Boolean) : [];
  }

  write(lines: readonly string[]): void {
    if (!this.#kept) return;
    makeFolder(this.#dataDir);
    writeFileSync(this.#file, `${lines.slice(0, maxLines).join('\n')}\n`, { mode: 0o600 });
    chmodSync(this.#file, 0o600);
  }

  /** True if there was one. */
  remove(): boolean {
    const there = existsSync(this.#file);
    rmSync(this.#file, { force: true });
    return there;
  }
}
