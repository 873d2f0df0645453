import { Command } from 'commander';
import { example } from '../options.js';

/** `rapport doctor`: what is on, what is missing and how to get it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'the effective configuration and the state of every part; exits 1 when something required is broken',
    )
    .option('--json', '{"ok","checks","config"}')
    .addHelpText(
      'after',
      example(
        'rapport doctor',
        'MODEL_BASE_URL=http://gpu:8000/v1 MODEL_NAME=my-model rapport doctor --json',
      ),
    )
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { doctor } = await import('../doctor/doctor.js');
      process.exitCode = await doctor(json === true);
    });
}
