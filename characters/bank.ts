import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { RapportError, reasonOf } from '../config/errors.js';
import { bankPaths } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { type Character, characterSchema } from './schema.js';

/** All characters that can be talked to. Immutable once loaded. */
export interface CharacterBank {
  readonly all: readonly Character[];
  get(id: string): Character | undefined;
  /** Every word of `query` must occur in the name, job, region, tags, personality or help line; best matches first. */
  search(query: string): Character[];
}

interface Problem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/**
 * Loads a bank from files and folders (searched recursively): `.yaml`/`.yml` with one character, `.jsonl` with one a
 * line, `.json` with one or a list. All or nothing.
 * @throws RapportError RAPPORT_E_CHARACTERS_INVALID naming every bad file with line and reason.
 */
export function loadBank(paths: readonly string[]): CharacterBank {
  const problems: Problem[] = [];
  const found = new Map<string, { character: Character; file: string }>();
  for (const file of paths.flatMap((path) => bankFiles(path, problems))) {
    for (const { value, line } of readRecords(file, problems)) {
      const parsed = characterSchema.safeParse(value);
      if (!parsed.success) {
        for (const issue of parsed.error.issues)
          problems.push({ file, line, reason: `${issue.path.join('.') || 'character'}: ${issue.message}` });
        continue;
      }
      const twin = found.get(parsed.data.id);
      if (twin) problems.push({ file, line, reason: `id: "${parsed.data.id}" is taken by ${twin.file}` });
      else found.set(parsed.data.id, { character: parsed.data, file });
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

/** The bank of a configuration. @throws RapportError RAPPORT_E_CHARACTERS_INVALID */
export function configuredBank(config: Config): CharacterBank {
  return loadBank(bankPaths(config));
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
    search: (query) => {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const inName = (character: Character): number =>
        words.some((word) => character.name.toLowerCase().includes(word)) ? 0 : 1;
      return all
        .filter((character) => words.every((word) => textOf(character).includes(word)))
        .sort((a, b) => inName(a) - inName(b) || a.name.localeCompare(b.name));
    },
  };
}

const extensions = new Set(['.yaml', '.yml', '.json', '.jsonl']);

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
