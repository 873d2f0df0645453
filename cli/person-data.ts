import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { platforms } from '../adapters/index.js';
import { loadConfig, loadLocale } from '../app/settings.js';
import { openStore } from '../app/store.js';
import { importedCharacters } from '../characters/bank.js';
import { RapportError, reasonOf } from '../config/errors.js';
import type { LoadedConfig } from '../config/load.js';
import { forgetAlert } from '../src/care/humans.js';
import { systemClock } from '../src/clock.js';
import { exportPerson as exportFiles } from '../src/commands/privacy.js';
import { type PersonId, personId } from '../src/ids.js';
import type { Store } from '../src/state/store.js';
import { printJson, printLine, printNote } from './output.js';

export interface ExportOptions {
  readonly person: string;
  readonly out?: string;
  /** A page to read in place of JSON. */
  readonly html?: boolean;
}

export interface EraseOptions {
  readonly person: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface EncryptOptions {
  readonly json?: boolean;
}

/**
 * Writes all that is stored about a person as one JSON document, or as a page to read.
 * @throws RapportError RAPPORT_E_USAGE for what is no person id; RAPPORT_E_FILE_UNREADABLE where `--out` cannot be written.
 */
export async function exportPerson({ person, out, html }: ExportOptions): Promise<void> {
  const id = checkedId(person, 'data export');
  await withStore(async (store, { config }) => {
    const { say } = loadLocale(config.locale);
    const library = importedCharacters(config);
    const { data, json, page } = await exportFiles(
      { store, clock: systemClock, say, library },
      id,
      Number.POSITIVE_INFINITY,
    );
    const { text } = html ? page : json;
    const { profile, memories, sessions, sharedLines, waiting } = data;
    const characters = library.everythingOf(id, 0);
    if (
      !profile &&
      [memories, sessions, sharedLines, waiting, characters].every(({ length }) => length === 0)
    )
      printNote(`Nothing is stored about ${id}.`);
    if (out === undefined) return void process.stdout.write(text);
    const file = resolve(out);
    try {
      writeFileSync(file, text, { mode: 0o600 });
    } catch (error) {
      throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(error) }, error);
    }
    printNote(`Written to ${file}.`);
  });
}

/**
 * Erases a person, after asking. @returns the exit code: 1 when the answer was no.
 * @throws RapportError RAPPORT_E_USAGE where nobody can be asked.
 */
export async function erasePerson({ person, yes, json }: EraseOptions): Promise<0 | 1> {
  const id = checkedId(person, 'data erase');
  if (!yes && !(await confirmed(id))) {
    printNote('Nothing was erased.');
    return 1;
  }
  await withStore(async (store, { config }) => {
    await forgetAlert(store, id);
    const erased = await store.people.erase(id);
    importedCharacters(config).removeOf(id);
    for (const { personData } of platforms) personData.erase?.(id, config);
    const { sessions, entries, memories } = erased;
    if (json) printJson({ person: id, erased });
    else
      printLine(`Erased ${id}: ${sessions} conversations, ${entries} lines, ${memories} remembered facts.`);
  });
  return 0;
}

/**
 * Writes every text anew that is not encrypted by the newest key; what runs may go on meanwhile, with the same keys.
 * @throws RapportError RAPPORT_E_ENCRYPTION_KEY where there is no key.
 */
export async function encryptTexts({ json }: EncryptOptions): Promise<void> {
  await withStore(async (store) => {
    const texts = await store.encryption.renew();
    const key = (await store.encryption.state())?.key ?? '';
    if (json) printJson({ key, texts });
    else printLine(`Everything is encrypted by the key ${key}; ${texts} texts were written anew.`);
  });
}

async function confirmed(id: PersonId): Promise<boolean> {
  if (process.stdin.isTTY !== true)
    throw new RapportError('RAPPORT_E_USAGE', {
      reason: 'Erasing asks first, and there is nobody to ask: add --yes.',
      command: 'data erase',
    });
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await readline.question(`Erase everything about ${id}, for good? Type yes: `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    readline.close();
  }
}

function checkedId(person: string, command: string): PersonId {
  const names = platforms.map(({ name }) => name);
  if (names.some((name) => person.startsWith(`${name}:`) && /:\S/.test(person))) return personId(person);
  throw new RapportError('RAPPORT_E_USAGE', {
    reason: `"${person}" is no person id: <platform>:<id> with ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`,
    command,
  });
}

async function withStore(work: (store: Store, loaded: LoadedConfig) => Promise<void>): Promise<void> {
  const loaded = loadConfig();
  const store = await openStore(loaded);
  try {
    await work(store, loaded);
  } finally {
    await store.close();
  }
}
