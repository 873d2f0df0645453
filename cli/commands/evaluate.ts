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
  'generation',
  'papers',
] as const;
export type TaskName = (typeof taskNames)[number];

export interface EvaluateOptions {
  readonly data: string;
  readonly limit?: number;
  readonly split?: string;
  readonly json?: boolean;
  readonly predictions?: string;
  readonly against?: string;
  readonly intervals?: boolean;
  readonly perRow?: boolean;
}

/** What evaluates more than one way, by option. */
const allowed: Readonly<Record<'against' | 'intervals' | 'perRow' | 'predictions', readonly TaskName[]>> = {
  against: ['generation'],
  intervals: ['generation', 'papers'],
  perRow: ['generation'],
  predictions: taskNames.filter((name) => name !== 'papers'),
};

/** `rapport evaluate`: how good a part of the bot is on data with known answers. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure a part of the bot, as it runs, on data with known answers')
    .argument('<what>', taskNames.join(', '))
    .requiredOption('--data <file>', 'JSON Lines, plain or gzip (docs/evaluation.md describes the rows)')
    .option('--limit <n>', 'judge at most so many cases, spread evenly over the file', positiveInteger)
    .option('--split <name>', 'of dialogues only those whose "split" is this')
    .option(
      '--predictions <file>',
      'write what was predicted, a JSON row a case; generation: read the hypotheses, joined by id',
    )
    .option('--against <file>', 'generation: other hypotheses, joined by id, to compare with')
    .option('--intervals', 'generation, papers: 95 % confidence intervals')
    .option('--per-row', 'generation: the figures of each row too')
    .option('--json', '{"task","n","metrics"}, with what was asked for beside it; notes go to stderr')
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
      const unfit = (['against', 'intervals', 'perRow', 'predictions'] as const).find(
        (name) => options[name] !== undefined && !allowed[name].includes(task),
      );
      if (unfit) {
        const flag = unfit === 'perRow' ? 'per-row' : unfit;
        const reason = `--${flag} goes with: ${allowed[unfit].join(', ')}.`;
        throw new RapportError('RAPPORT_E_USAGE', { reason, command: 'evaluate' });
      }
      const { evaluate } = await import('../evaluate.js');
      await evaluate(task, options);
    });
}
