import { Command, CommanderError } from 'commander';
import { startCommand } from './commands/start.js';
import { reportError } from './report-error.js';
import { version } from './version.js';

const program = new Command('rapport')
  .description('Self-hosted character agents: matched supporters, per-turn memory, steering and care.')
  .version(version)
  .showHelpAfterError('(add --help for usage)')
  .exitOverride();

program.addCommand(startCommand());

/** Exit codes: 0 fine, 1 failed, 2 misused. */
try {
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(add --help for usage)');
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error);
}
