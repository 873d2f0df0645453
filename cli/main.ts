import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.js';
import { charactersCommand } from './commands/characters.js';
import { chatCommand } from './commands/chat.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { matchCommand } from './commands/match.js';
import { promptCommand } from './commands/prompt.js';
import { startCommand } from './commands/start.js';
import { reportError } from './report-error.js';
import { version } from './version.js';

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
  benchCommand(),
])
  program.addCommand(command);
prepare(program);

// Whoever reads our output may leave early (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Exit codes: 0 fine, 1 failed, 2 misused. */
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error);
}

/** Settings that commander does not hand down to commands that are added ready-made. */
function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for usage)');
  for (const inner of command.commands) prepare(inner);
}
