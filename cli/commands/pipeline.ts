import { Command, InvalidArgumentError } from 'commander';
import { example, positiveInteger } from '../options.js';

export interface PipelineOptions {
  readonly in: string;
  readonly out: string;
  readonly seed: number;
  readonly endpoints?: string;
  readonly concurrency?: number;
  readonly perMinute?: number;
  readonly dryRun?: boolean;
  readonly priceIn?: number;
  readonly priceOut?: number;
  readonly with?: string;
  readonly set?: string;
  readonly character?: string;
  readonly name?: string;
  readonly json?: boolean;
}

/** `rapport pipeline`: makes training data as the papers did, with prompts of our own and any OpenAI-compatible server. */
export function pipelineCommand(): Command {
  return new Command('pipeline')
    .description('make training data: a step of a pipeline over a file, resumed where it stopped')
    .argument('<system>', 'characterchat, character-llm, magic, miracle, personagpt')
    .argument('<step>', 'a step of that system (docs/pipelines.md)')
    .requiredOption('--in <file>', 'JSON Lines, plain or gzip; what the step before wrote')
    .requiredOption('--out <file>', 'the result, in the order of the input')
    .option('--seed <n>', 'whatever is drawn follows from it', positiveInteger, 1)
    .option(
      '--endpoints <file>',
      'JSON array of {baseUrl, model, keyEnv, concurrency, perMinute}; else MODEL_BASE_URL, MODEL_NAME, MODEL_API_KEY',
    )
    .option('--concurrency <n>', 'without --endpoints: requests at once (4)', positiveInteger)
    .option('--per-minute <n>', 'without --endpoints: requests a minute', positiveInteger)
    .option('--dry-run', 'say what it would take and ask nothing')
    .option('--price-in <amount>', 'of a million tokens that are sent, for the cost', amount)
    .option('--price-out <amount>', 'of a million tokens that come back', amount)
    .option('--with <file>', 'a second file, where the step reads two')
    .option('--set <name>', 'export: which set')
    .option('--character <name>', "character-llm: the character's short name")
    .option('--name <name>', "character-llm: the character's full name")
    .option('--json', 'counts as one object')
    .addHelpText(
      'after',
      example('rapport pipeline characterchat profiles --in profile_input.jsonl --out profiles.jsonl'),
    )
    .action(async (system: string, step: string, options: PipelineOptions) => {
      const { pipeline } = await import('../pipeline.js');
      await pipeline(system, step, options);
    });
}

function amount(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError('A number from 0 is wanted.');
  return number;
}
