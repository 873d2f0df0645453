import { Command } from 'commander';
import type { DoctorOptions } from '../doctor/doctor.js';
import { example } from '../options.js';

/** `rapport doctor`: what is on, what is missing and how to get it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('the state of every part and what to do about it; exits 1 when something required is broken')
    .option('--config', 'every setting in effect, not only the changed ones')
    .option('--manifest', 'only the manifest of your Slack app, for the settings in effect')
    .option('--json', '{"ok","checks","config"}')
    .addHelpText(
      'after',
      example(
        'rapport doctor',
        'rapport doctor --manifest > slack-manifest.yaml',
        'MODEL_BASE_URL=http://gpu:8000/v1 MODEL_NAME=my-model rapport doctor --json',
      ),
    )
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../doctor/doctor.js');
      process.exitCode = await doctor(options);
    });
}
