import { Command } from 'commander';
import { loadConfig } from '../../app/settings.js';
import { configuredBank as bankOf, type CharacterBank, loadBank } from '../../characters/bank.js';
import { type Character, displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { bankPaths } from '../../config/root.js';
import { example } from '../options.js';
import { columns, printJson, printLine } from '../output.js';
import { bankCommand } from './character-bank.js';
import { exportCommand, importCommand, newCommand, removeCommand } from './character-files.js';

interface Output {
  readonly json?: boolean;
}

/** `rapport characters`: who can be talked to. */
export function charactersCommand(): Command {
  return new Command('characters')
    .description('list, show, search, make, import, export and validate characters')
    .addHelpText(
      'after',
      example('rapport characters search night shift', 'rapport characters import mira.png'),
    )
    .addCommand(list())
    .addCommand(show())
    .addCommand(search())
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(newCommand())
    .addCommand(removeCommand())
    .addCommand(bankCommand())
    .addCommand(validate());
}

function list(): Command {
  return new Command('list')
    .description('every character of the bank')
    .option('--json', 'as JSON')
    .addHelpText('after', example('rapport characters list --json'))
    .action(({ json }: Output) => {
      const { all } = configuredBank();
      if (json) printJson(all.map(summary));
      else printCharacters(all, false);
    });
}

function search(): Command {
  return new Command('search')
    .description('characters whose name, job, region, tags or personality hold all the words')
    .argument('<words...>')
    .option('--json', 'as JSON')
    .addHelpText('after', example('rapport characters search grief baker'))
    .action((words: string[], { json }: Output) =>
      printCharacters(configuredBank().search(words.join(' ')), json),
    );
}

function show(): Command {
  return new Command('show')
    .description('one character with everything they are played by')
    .argument('<id>')
    .option('--json', 'as JSON')
    .addHelpText('after', example('rapport characters show maren-voss'))
    .action(async (id: string, { json }: Output) => {
      const character = configuredBank().get(id);
      if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
      if (json) return printJson(character);
      const { stringify } = await import('yaml');
      printLine(stringify(character, { lineWidth: 100 }).trimEnd());
    });
}

function validate(): Command {
  return new Command('validate')
    .description(
      'check files or folders of characters (default: the configured bank); exits 1 naming every problem',
    )
    .argument('[paths...]')
    .option('--json', 'as JSON')
    .addHelpText('after', example('rapport characters validate my-characters/ extra.jsonl'))
    .action((paths: string[], { json }: Output) => {
      const checked = paths.length > 0 ? paths : bankPaths(loadConfig().config);
      try {
        const { length } = loadBank(checked).all;
        if (json) printJson({ ok: true, characters: length, problems: [] });
        else printLine(`${length} character${length === 1 ? '' : 's'}, no problem.`);
      } catch (error) {
        if (!(error instanceof RapportError) || error.code !== 'RAPPORT_E_CHARACTERS_INVALID' || !json)
          throw error;
        const problems = String(error.details.problems).split('\n');
        printJson({ ok: false, characters: 0, problems: problems.map((problem) => problem.trim()) });
        process.exitCode = 1;
      }
    });
}

function configuredBank(): CharacterBank {
  return bankOf(loadConfig().config);
}

function printCharacters(characters: readonly Character[], json: boolean | undefined): void {
  if (json) printJson({ total: characters.length, characters: characters.map(summary) });
  else if (characters.length === 0) printLine('No character fits.');
  else
    printLine(
      columns(characters.map(({ id, name, mbti, persona }) => [id, name, mbti ?? '', persona.job ?? ''])),
    );
}

function summary({
  id,
  name,
  shortName,
  mbti,
  kind,
  matchable,
  persona,
  tags,
  helpsWith,
}: Character): object {
  const { age, job, region, personality } = persona;
  return {
    id,
    name,
    shortName: displayName({ name, shortName }),
    mbti,
    kind,
    matchable,
    age,
    job,
    region,
    personality,
    tags,
    helpsWith,
  };
}
