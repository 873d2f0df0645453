import { Command, Option } from 'commander';
import { promptFormatSchema, promptVariantSchema } from '../../config/prompt-format.js';
import { example } from '../options.js';
import type { PromptOptions } from '../prompt.js';

/** `rapport prompt`: the exact request for a conversation in a file. */
export function promptCommand(): Command {
  return new Command('prompt')
    .description('print the exact request that would be sent to the model (nothing is sent)')
    .requiredOption('--session <file>', 'a conversation (docs/session-file.md)')
    .addOption(
      new Option(
        '--format <format>',
        "prompt format, in place of the file's, the character's and the route's",
      ).choices(promptFormatSchema.options),
    )
    .addOption(
      new Option(
        '--variant <variant>',
        'another layout of a format: act-form-a (personagpt), system-in-user (chat)',
      ).choices(promptVariantSchema.options),
    )
    .option('--model <name>', "model name, in place of the route's")
    .option('--json', 'exactly {"endpoint","body"}')
    .addHelpText('after', example('rapport prompt --session talk.json --format characterchat --json'))
    .action(async (options: PromptOptions) => {
      const { prompt } = await import('../prompt.js');
      await prompt(options);
    });
}
