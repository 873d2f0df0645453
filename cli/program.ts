import { Command } from 'commander';
import { version } from '../config/root.js';
import { benchCommand } from './commands/bench.js';
import { blockCommand } from './commands/block.js';
import { charactersCommand } from './commands/characters.js';
import { chatCommand } from './commands/chat.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { evaluateCommand } from './commands/evaluate.js';
import { matchCommand } from './commands/match.js';
import { pipelineCommand } from './commands/pipeline.js';
import { promptCommand } from './commands/prompt.js';
import { reportCommand } from './commands/report.js';
import { startCommand } from './commands/start.js';

/**
 * The command line with all its commands. Misuse rejects with a CommanderError in place of ending the process. What a
 * command works with is imported when it runs, so that help is quick.
 */
export function createProgram(): Command {
  const program = new Command('rapport')
    .description('Self-hosted character agents: matched supporters, per-turn memory, steering and care.')
    .version(version);
  for (const command of [
    startCommand(),
    chatCommand(),
    doctorCommand(),
    charactersCommand(),
    matchCommand(),
    promptCommand(),
    dataCommand(),
    blockCommand(),
    benchCommand(),
    evaluateCommand(),
    pipelineCommand(),
    reportCommand(),
  ])
    program.addCommand(command);
  prepare(program);
  return program;
}

/** Settings that commander does not hand down to commands that are added ready-made. */
function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for usage)');
  for (const inner of command.commands) prepare(inner);
}
