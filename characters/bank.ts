import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { RapportError, reasonOf } from '../config/errors.js';
import { bankPaths } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { isForAdults } from './cards/from-card.js';
import { loadComposed, partsOf } from './composed/composed-bank.js';
import { ImportedCharacters, type StoredCharacter } from './imported.js';
import { inlineCharacter } from './inline-character.js';
import { type Character, characterSchema } from './schema.js';

/** All characters that can be talked to. Immutable once loaded. */
export interface CharacterBank {
  readonly all: readonly Character[];
  /** What belongs to the one person who looks, beside all; left out where it is nobody's view. */
  readonly own?: readonly Character[];
  get(id: string): Character | undefined;
  /**
   * Every word of `query` must occur in the name, job, region, tags, personality or help line; names that hold one come first, then
   * characters written by hand.
   */
  search(query: string): Character[];
  /** The person a character belongs to alone: it is in no list, and nobody else may choose it. Null for all others. */
  ownerOf(id: string): string | null;
  /** What belongs to a person alone. */
  ownedBy(person: string): readonly Character[];
}

interface Problem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/**
 * Loads a bank from files and folders (searched recursively): `.yaml`/`.yml` with one character, `.jsonl` with one a
 * line, `.json` with one or a list, `.composed` with a table of characters made of parts (`characters/composed`). All or nothing.
 * @throws RapportError RAPPORT_E_CHARACTERS_INVALID naming every bad file with line and reason.
 */
export function loadBank(paths: readonly string[]): CharacterBank {
  const problems: Problem[] = [];
  const found = new Map<string, { character: Character; file: string }>();
  const add = (character: Character, file: string, line: number): void => {
    const twin = found.get(character.id);
    if (twin) problems.push({ file, line, reason: `id: "${character.id}" is taken by ${twin.file}` });
    else found.set(character.id, { character, file });
  };
  for (const file of paths.flatMap((path) => bankFiles(path, problems))) {
    if (extname(file) === composed) {
      for (const character of readComposed(file, problems)) add(character, file, 0);
      continue;
    }
    for (const { value, line } of readRecords(file, problems)) {
      const parsed = characterSchema.safeParse(asOurs(value));
      if (parsed.success) {
        add(parsed.data, file, line);
        continue;
      }
      for (const issue of parsed.error.issues)
        problems.push({ file, line, reason: `${issue.path.join('.') || 'character'}: ${issue.message}` });
    }
  }
  if (found.size === 0 && problems.length === 0)
    problems.push({ file: paths.join(', '), line: 0, reason: 'no character was found' });
  if (problems.length > 0)
    throw new RapportError('RAPPORT_E_CHARACTERS_INVALID', {
      count: problems.length,
      problems: problems
        .map(({ file, line, reason }) => `  ${file}${line ? `:${line}` : ''}  ${reason}`)
        .join('\n'),
    });
  return createBank([...found.values()].map(({ character }) => character));
}

/** The bank of a configuration with the characters that were imported. @throws RapportError RAPPORT_E_CHARACTERS_INVALID */
export function configuredBank(config: Config): CharacterBank {
  return bankWith(loadBank(bankPaths(config)), importedCharacters(config), config.characters.adult);
}

/** The imported characters of a configuration. */
export function importedCharacters({ data }: Pick<Config, 'data'>): ImportedCharacters {
  return new ImportedCharacters(join(resolve(data.dir), 'characters'));
}

/**
 * A bank and what is imported beside it, as it is at each moment; an id of the bank's own wins.
 * @param adult whether characters are played whose tags say that they are for adults.
 */
export function bankWith(own: CharacterBank, imported: ImportedCharacters, adult: boolean): CharacterBank {
  let seen: readonly StoredCharacter[] | null = null;
  let shown = own;
  let owners = new Map<string, string>();
  let owned = new Map<string, Character>();
  const current = (): CharacterBank => {
    const now = imported.all();
    if (now === seen) return shown;
    seen = now;
    const played = now.filter(
      ({ character: { id, tags } }) => own.get(id) === undefined && (adult || !isForAdults(tags)),
    );
    owners = new Map(played.flatMap(({ character: { id }, owner }) => (owner === null ? [] : [[id, owner]])));
    owned = new Map(
      played.flatMap(({ character, owner }) => (owner === null ? [] : [[character.id, character]])),
    );
    const all = played.flatMap(({ character, owner }) => (owner === null ? [character] : []));
    shown = all.length === 0 ? own : createBank([...own.all, ...all]);
    return shown;
  };
  return {
    get all() {
      return current().all;
    },
    get: (id) => own.get(id) ?? current().get(id) ?? owned.get(id),
    search: (query) => current().search(query),
    ownerOf: (id) => {
      current();
      return owners.get(id) ?? null;
    },
    ownedBy: (person) => {
      current();
      return [...owners].flatMap(([id, owner]) => (owner === person ? (owned.get(id) ?? []) : []));
    },
  };
}

/** A bank over characters that are already validated. */
export function createBank(all: readonly Character[]): CharacterBank {
  const byId = new Map(all.map((character) => [character.id, character]));
  const texts = new Map<string, string>();
  const textOf = (character: Character): string => {
    const known = texts.get(character.id);
    if (known !== undefined) return known;
    const { name, mbti, tags, helpsWith, persona } = character;
    const text = [name, mbti, ...tags, helpsWith, persona.job, persona.region, persona.personality]
      .join(' ')
      .toLowerCase();
    texts.set(character.id, text);
    return text;
  };
  return {
    all,
    get: (id) => byId.get(id),
    ownerOf: () => null,
    ownedBy: () => [],
    search: (query) => {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const inName = (character: Character): number =>
        words.some((word) => character.name.toLowerCase().includes(word)) ? 0 : 1;
      return all
        .filter((character) => words.every((word) => textOf(character).includes(word)))
        .map((character) => ({ character, named: inName(character), made: partsOf(character) ? 1 : 0 }))
        .sort(
          (a, b) => a.named - b.named || a.made - b.made || names.compare(a.character.name, b.character.name),
        )
        .map(({ character }) => character);
    },
  };
}

const names = new Intl.Collator('en');
/** Records of CharacterChat (`profile_trans`, `supporter_statement`) in our own keys; what else there is stays as it is. */
function asOurs(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'supporterStatement' in value) return value;
  if (!('profile_trans' in value || 'supporter_statement' in value)) return value;
  return inlineCharacter({ ...value }).character ?? value;
}

const composed = '.composed';
const extensions = new Set(['.yaml', '.yml', '.json', '.jsonl', composed]);

function bankFiles(path: string, problems: Problem[]): string[] {
  try {
    if (statSync(path).isFile()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extensions.has(extname(entry.name)))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    problems.push({ file: path, line: 0, reason: reasonOf(error) });
    return [];
  }
}

/** Made by our own code from parts that are checked: a test, not every start, lays them against the schema. */
function readComposed(file: string, problems: Problem[]): Character[] {
  try {
    return loadComposed(file);
  } catch (error) {
    problems.push({ file, line: 0, reason: reasonOf(error) });
    return [];
  }
}

interface BankRecord {
  readonly value: unknown;
  readonly line: number;
}

function readRecords(file: string, problems: Problem[]): BankRecord[] {
  const text = readFileSync(file, 'utf8');
  if (extname(file) === '.jsonl') return readJsonLines(file, text, problems);
  if (extname(file) === '.json') return readJson(file, text, problems);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors)
    problems.push({
      file,
      line: lines.linePos(error.pos[0]).line,
      reason: error.message.split('\n')[0] ?? 'not YAML',
    });
  if (document.errors.length > 0) return [];
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  return (Array.isArray(value) ? value : [value]).map((record: unknown) => ({ value: record, line: 1 }));
}

function readJsonLines(file: string, text: string, problems: Problem[]): BankRecord[] {
  const records: BankRecord[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      records.push({ value: JSON.parse(line), line: index + 1 });
    } catch (error) {
      problems.push({ file, line: index + 1, reason: reasonOf(error) });
    }
  }
  return records;
}

function readJson(file: string, text: string, problems: Problem[]): BankRecord[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map((record: unknown) => ({ value: record, line: 1 }));
  } catch (error) {
    problems.push({ file: basename(file), line: 1, reason: reasonOf(error) });
    return [];
  }
}
