import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadBank } from '../../characters/bank.js';
import { makeBank } from '../../characters/composed/make-bank.js';
import { RapportError, reasonOf } from '../../config/errors.js';
import { packageRoot } from '../../config/root.js';
import { example, positiveInteger } from '../options.js';
import { printJson, printLine } from '../output.js';

interface BankOptions {
  readonly seed: number;
  readonly out: string;
  readonly from: string;
  readonly perType: number;
  readonly json?: boolean;
}

/** The year the shipped bank is told in: texts and ages do not move with the calendar. */
const toldIn = 2026;

/** `rapport characters bank`: composes a bank of characters from hand-written parts. */
export function bankCommand(): Command {
  return new Command('bank')
    .description('compose a bank of characters from hand-written parts; the same seed gives the same bank')
    .requiredOption(
      '--out <file>',
      'the table of choices to write (.composed), beside its modules/ and regions.txt',
    )
    .option('--seed <n>', 'what the draw starts with', positiveInteger, 1)
    .option(
      '--from <folder>',
      'the folder with modules/ and regions.txt',
      join(packageRoot, 'characters/bank1024'),
    )
    .option('--per-type <n>', 'characters for each of the 16 types', positiveInteger, 63)
    .option('--json', 'as JSON')
    .addHelpText('after', example('rapport characters bank --seed 7 --out characters/bank1024/bank.composed'))
    .action(({ seed, out, from, perType, json }: BankOptions) => {
      const taken = loadBank([join(packageRoot, 'characters/bank')]).all.map(({ name }) => name);
      const { characters, text, alike } = makeBank(from, { seed, perType, year: toldIn, taken });
      try {
        writeFileSync(out, text);
      } catch (error) {
        throw new RapportError('RAPPORT_E_USAGE', {
          reason: `${out} cannot be written: ${reasonOf(error)}`,
          command: 'characters bank',
        });
      }
      const told = { characters: characters.length, seed, out, mostAlike: alike };
      if (json) return printJson(told);
      printLine(`${told.characters} characters, nothing contradicts: ${out}`);
      printLine(
        `most alike: ${alike.aspect.toFixed(2)} by one aspect, ${alike.whole.toFixed(2)} by all of them`,
      );
    });
}
