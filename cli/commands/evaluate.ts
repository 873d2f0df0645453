import { Command } from 'commander';
import { RapportError } from '../../config/errors.js';
import { example, positiveInteger } from '../options.js';

const taskNames = [
  'memory-selector',
  'persona-score',
  'strategy',
  'emotion',
  'chat-model',
  'care',
  'facts',
  'character-memory',
  'recall',
] as const;
export type TaskName = (typeof taskNames)[number];

export interface EvaluateOptions {
  readonly data: string;
  readonly limit?: number;
  readonly split?: string;
  readonly json?: boolean;
  readonly predictions?: string;
}

/** `rapport evaluate`: how good a part of the bot is on data with known answers. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure a part of the bot, as it runs, on data with known answers')
    .argument('<what>', taskNames.join(', '))
    .requiredOption('--data <file>', 'JSON Lines, plain or gzip (docs/cli.md describes the rows)')
    .option('--limit <n>', 'judge at most so many cases, spread evenly over the file', positiveInteger)
    .option('--split <name>', 'of dialogues only those whose "split" is this')
    .option('--predictions <file>', 'write what was predicted, a JSON row a case')
    .option('--json', '{"task","n","metrics"}; notes go to stderr')
    .addHelpText(
      'after',
      example('rapport evaluate strategy --data esconv.jsonl.gz --split valid --limit 500 --json'),
    )
    .action(async (what: string, options: EvaluateOptions) => {
      const task = taskNames.find((name) => name === what);
      if (!task) {
        const reason = `There is no evaluation "${what}"; there are: ${taskNames.join(', ')}.`;
        throw new RapportError('RAPPORT_E_USAGE', { reason, command: 'evaluate' });
      }
      const { evaluate } = await import('../evaluate.js');
      await evaluate(task, options);
    });
}
