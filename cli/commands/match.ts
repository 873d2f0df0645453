import { Command, InvalidArgumentError } from 'commander';
import type { MatchOptions } from '../match.js';
import { example, positiveInteger } from '../options.js';

/** `rapport match`: which characters suit a person. */
export function matchCommand(): Command {
  return new Command('match')
    .description('rank the characters for a person')
    .requiredOption('--persona <text>', 'who the person is and what is on their mind')
    .option('--mbti <type>', 'their Myers-Briggs type', mbti)
    .option('--top <n>', 'how many', positiveInteger, 3)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      example('rapport match --persona "I work nights in a bakery and cannot sleep." --mbti INFP --top 5'),
    )
    .action(async (options: MatchOptions) => {
      const { match } = await import('../match.js');
      await match(options);
    });
}

function mbti(value: string): string {
  if (!/^[ei][ns][ft][jp]$/i.test(value))
    throw new InvalidArgumentError('One of the 16 types is wanted, such as INFP.');
  return value.toUpperCase();
}
