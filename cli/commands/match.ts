import { Command, InvalidArgumentError } from 'commander';
import { RapportError } from '../../config/errors.js';
import type { MatchOptions } from '../match.js';
import { example, positiveInteger } from '../options.js';

interface MatchCommandOptions extends Omit<MatchOptions, 'persona'> {
  readonly persona?: string;
  readonly feedback?: boolean;
}

/** `rapport match`: which characters suit a person. */
export function matchCommand(): Command {
  return new Command('match')
    .description('rank the characters for a person, or show what was learned from feedback on matches')
    .option('--persona <text>', 'who the person is and what is on their mind')
    .option('--mbti <type>', 'their Myers-Briggs type', mbti)
    .option('--top <n>', 'how many', positiveInteger, 3)
    .option('--feedback', 'what this deployment has learned from ratings, instead of a ranking')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      example(
        'rapport match --persona "I work nights in a bakery and cannot sleep." --mbti INFP --top 5',
        'rapport match --feedback --json',
      ),
    )
    .action(async ({ feedback, persona, ...options }: MatchCommandOptions) => {
      if (feedback) {
        const { matchFeedback } = await import('../match.js');
        return matchFeedback(options);
      }
      if (persona === undefined)
        throw new RapportError('RAPPORT_E_USAGE', { reason: '--persona is missing.', command: 'match' });
      const { match } = await import('../match.js');
      await match({ ...options, persona });
    });
}

function mbti(value: string): string {
  if (!/^[ei][ns][ft][jp]$/i.test(value))
    throw new InvalidArgumentError('One of the 16 types is wanted, such as INFP.');
  return value.toUpperCase();
}
