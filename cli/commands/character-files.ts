import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../../app/settings.js';
import { configuredBank, importedCharacters } from '../../characters/bank.js';
import { type ExportFormat, exportCharacter, exportFormats } from '../../characters/cards/export.js';
import { isForAdults } from '../../characters/cards/from-card.js';
import { type ImportedCharacter, readCharacters, readLorebook } from '../../characters/cards/import.js';
import { cardLimits } from '../../characters/cards/limits.js';
import { CardRefused } from '../../characters/cards/refused.js';
import { inlineCharacter } from '../../characters/inline-character.js';
import { RapportError, reasonOf } from '../../config/errors.js';
import { example } from '../options.js';
import { printJson, printLine, printNote } from '../output.js';

interface Told {
  readonly id: string;
  readonly name: string;
  readonly warnings: readonly string[];
}

interface ImportOptions {
  readonly replace?: string;
  readonly lorebookOf?: string;
  readonly json?: boolean;
}

/** `rapport characters import`: a card, or a character in another form, that everybody may choose from then on. */
export function importCommand(): Command {
  return new Command('import')
    .description(
      'take in a character card (PNG, JSON, CHARX), records of CharacterChat, or a character as Rapport writes it',
    )
    .argument('<file>')
    .option(
      '--replace <id>',
      'take the place of a character that was imported before; what was changed of it is lost',
    )
    .option(
      '--lorebook-of <id>',
      'the file is a lorebook: it becomes that of a character that was imported before',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      example('rapport characters import mira.png', 'rapport characters import mira.png --replace mira'),
    )
    .action(async (file: string, { replace, lorebookOf, json }: ImportOptions) => {
      const { config } = loadConfig();
      if (lorebookOf !== undefined) return giveLorebook(file, lorebookOf, json);
      const found = await charactersOf(file);
      if (replace !== undefined && found.length > 1)
        throw new RapportError('RAPPORT_E_USAGE', {
          reason: 'several characters cannot take the place of one',
          command: 'characters import',
        });
      const imported = importedCharacters(config);
      const bank = configuredBank(config);
      const told: Told[] = [];
      for (const one of found) {
        const { character } = await imported.add(one, {
          owner: null,
          taken: (id) => bank.get(id) !== undefined,
          replace,
        });
        const unplayed = isForAdults(character.tags) && !config.characters.adult;
        const warnings = unplayed
          ? [...one.warnings, 'it is kept and not played: characters.adult is false']
          : one.warnings;
        told.push({ id: character.id, name: character.name, warnings });
      }
      const [first] = told;
      if (json) return printJson(told.length === 1 ? first : { ...first, characters: told });
      for (const { id, name, warnings } of told) {
        printLine(`${name} can be talked to: ${id}`);
        for (const warning of warnings) printNote(`  ${warning}`);
      }
    });
}

/** `rapport characters export`: any character as a card or as a file of our own. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a character as a card, or as YAML')
    .argument('<id>')
    .addOption(
      new Option('--format <format>', 'what to write').choices([...exportFormats]).makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the file to write')
    .addHelpText('after', example('rapport characters export maren-voss --format v3-png --out maren.png'))
    .action(async (id: string, { format, out }: { format: ExportFormat; out: string }) => {
      const { config } = loadConfig();
      const character = configuredBank(config).get(id);
      const kept =
        importedCharacters(config).kept(id) ??
        (character && { character, card: null, picture: null, files: new Map<string, Buffer>() });
      if (!kept) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
      const { bytes, warnings } = await exportCharacter(kept, format, Date.now());
      try {
        writeFileSync(out, bytes);
      } catch (error) {
        throw new RapportError('RAPPORT_E_USAGE', {
          reason: `${out} cannot be written: ${reasonOf(error)}`,
          command: 'characters export',
        });
      }
      for (const warning of warnings) printNote(warning);
      printLine(`${kept.character.name} is in ${out}.`);
    });
}

interface NewCharacter {
  readonly name?: string;
  readonly statement?: string;
  readonly greeting?: string;
  readonly helps?: string;
  readonly json?: boolean;
}

/** `rapport characters new`: the least a character is made of; what is not given is asked for on a terminal. */
export function newCommand(): Command {
  return new Command('new')
    .description('make a character: a name, who they are, what they say first')
    .option('--name <name>', 'what they are called')
    .option('--statement <text>', 'who they are, in the second person ("You are …")')
    .option('--greeting <text>', 'what they say first')
    .option('--helps <text>', 'what they help with, in one line')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      example('rapport characters new --name "Ada Lind" --statement "You are Ada Lind, a baker from Umeå."'),
    )
    .action(async (given: NewCharacter) => {
      const asked = await completed(given);
      const { character, problems } = inlineCharacter({
        name: asked.name,
        supporterStatement: asked.statement,
        greeting: asked.greeting ?? '',
        helpsWith: asked.helps ?? '',
      });
      if (!character)
        throw new RapportError('RAPPORT_E_USAGE', {
          reason: `a character needs a name and a statement (${problems[0] ?? ''})`,
          command: 'characters new',
        });
      const { config } = loadConfig();
      const bank = configuredBank(config);
      const imported = importedCharacters(config);
      const stored = await imported.add(
        { character, card: null, picture: null, files: new Map() },
        { owner: null, taken: (id) => bank.get(id) !== undefined },
      );
      const { id, name } = stored.character;
      if (asked.json) printJson({ id, name, warnings: [] });
      else
        printLine(
          `${name} can be talked to: ${id}\nEverything else is in ${imported.folder}/${id}/character.json; characters/README.md lists the keys.`,
        );
    });
}

/** `rapport characters remove`: an imported one, with its card and pictures. */
export function removeCommand(): Command {
  return new Command('remove')
    .description('remove a character that was imported; conversations with it get no more replies')
    .argument('<id>')
    .addHelpText('after', example('rapport characters remove mira'))
    .action((id: string) => {
      if (!importedCharacters(loadConfig().config).remove(id))
        throw new RapportError('RAPPORT_E_CARD_UNKNOWN', { id });
      printLine(`${id} is removed.`);
    });
}

/** A lorebook in a file of its own becomes that of an imported character. */
async function giveLorebook(file: string, id: string, json: boolean | undefined): Promise<void> {
  const imported = importedCharacters(loadConfig().config);
  const kept = imported.kept(id);
  if (!kept) throw new RapportError('RAPPORT_E_CARD_UNKNOWN', { id });
  const { lorebook, warnings } = await refusedAbout(file, readLorebook(bytesOf(file)));
  const { character } = await imported.add(
    { ...kept, character: { ...kept.character, lorebook } },
    { owner: null, replace: id },
  );
  if (json) return printJson({ id, name: character.name, warnings });
  printLine(`${character.name} has a lorebook of ${lorebook.entries.length} entries.`);
  for (const warning of warnings) printNote(`  ${warning}`);
}

function charactersOf(file: string): Promise<readonly ImportedCharacter[]> {
  return refusedAbout(file, readCharacters(bytesOf(file), true));
}

async function refusedAbout<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw error instanceof CardRefused ? error.about(basename(file)) : error;
  }
}

function bytesOf(file: string): Buffer {
  const called = basename(file);
  try {
    if (statSync(file).size > cardLimits.fileBytes)
      throw new CardRefused('large', `it has more than ${cardLimits.fileBytes / 1_048_576} MiB`).about(
        called,
      );
    return readFileSync(file);
  } catch (error) {
    if (error instanceof RapportError) throw error;
    throw new RapportError('RAPPORT_E_CARD_NONE', { file: called, reason: reasonOf(error) });
  }
}

async function completed(given: NewCharacter): Promise<NewCharacter> {
  if (!process.stdin.isTTY || (given.name && given.statement)) return given;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const name = given.name || (await lines.question('Name: '));
    const statement = given.statement || (await lines.question(`Who are they ("You are ${name}, …")? `));
    const greeting = given.greeting ?? (await lines.question('What do they say first (may be empty)? '));
    return { ...given, name, statement, greeting };
  } finally {
    lines.close();
  }
}
