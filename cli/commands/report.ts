import { Command } from 'commander';
import { RapportError } from '../../config/errors.js';
import { example, positiveInteger } from '../options.js';

export interface ReportOptions {
  readonly year?: number;
  readonly json?: boolean;
}

/** `rapport report`: what the law wants counted. */
export function reportCommand(): Command {
  return new Command('report')
    .description('what was counted in a year, without texts and without people')
    .argument('<what>', 'care')
    .option('--year <year>', 'the year (default: this one)', positiveInteger)
    .option('--json', '{"year","jurisdiction","total":{…},"months":{"2026-01":{…}}}')
    .addHelpText('after', example('rapport report care --year 2026 --json'))
    .action(async (what: string, options: ReportOptions) => {
      if (what !== 'care') {
        const reason = `There is no report "${what}"; there is: care.`;
        throw new RapportError('RAPPORT_E_USAGE', { reason, command: 'report' });
      }
      const { reportCare } = await import('../report.js');
      await reportCare(options);
    });
}
