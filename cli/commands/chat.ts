import { Command, Option } from 'commander';
import type { ChatOptions } from '../chat/run-chat.js';
import { example, positiveInteger } from '../options.js';

/** `rapport chat`: a conversation in the terminal. */
export function chatCommand(): Command {
  return new Command('chat')
    .description('talk with a character in the terminal')
    .option('--character <id>', 'who answers (without: matched by what you write first)')
    .addOption(
      new Option(
        '--mode <mode>',
        'chat: you write; goals: pick where each reply leads; selfplay: two characters talk',
      )
        .choices(['chat', 'goals', 'selfplay'])
        .default('chat'),
    )
    .option('--with <id>', 'the second character of selfplay, or of goals in your place')
    .option('--session <id>', 'continue an earlier conversation (/sessions lists them)')
    .option(
      '--turns <n>',
      'stop after so many exchanges (default: 8 between two characters)',
      positiveInteger,
    )
    .option(
      '--json',
      'JSON Lines for a program: each exchange with its trace; one document for two characters',
    )
    .addHelpText(
      'after',
      example(
        'rapport chat --character maren-voss',
        'rapport chat --mode selfplay --character maren-voss --with rin-asakura --turns 4',
        "printf 'I cannot sleep.\\n/why\\n' | rapport chat",
      ),
    )
    .action(async (options: ChatOptions) => {
      const { runChat } = await import('../chat/run-chat.js');
      process.exitCode = await runChat(options);
    });
}
