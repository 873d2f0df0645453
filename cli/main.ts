import { CommanderError } from 'commander';
import { reportCrashes } from './crash.js';
import { createProgram } from './program.js';
import { reportError } from './report-error.js';

reportCrashes();

// Whoever reads our output may leave early (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Exit codes: 0 fine, 1 failed, 2 misused. */
try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error);
}
