import { Command } from 'commander';
import { platforms } from '../../adapters/index.js';
import { example } from '../options.js';
import type { EncryptOptions, EraseOptions, ExportOptions } from '../person-data.js';

const examples = platforms.map(({ personData }) => personData.example);
const personExamples = `such as ${examples.slice(0, -1).join(', ')} or ${examples.at(-1)}`;

/** `rapport data`: what is stored. */
export function dataCommand(): Command {
  return new Command('data')
    .description('export or erase all that is stored about a person; encrypt what is stored')
    .addHelpText('after', example('rapport data export --person openai-api:ana --out ana.json'))
    .addCommand(exportCommand())
    .addCommand(eraseCommand())
    .addCommand(encryptCommand());
}

function exportCommand(): Command {
  return new Command('export')
    .description('everything about a person as JSON, or as a page to read')
    .requiredOption('--person <id>', personExamples)
    .option('--html', 'a page to read, in place of JSON')
    .option('--out <file>', 'write to this file (readable by its owner only) in place of stdout')
    .addHelpText(
      'after',
      example('rapport data export --person web:0b9f6d0e-7a55-4f0e-9d7c-2f6f3f1f8a11 --out export.json'),
    )
    .action(async (options: ExportOptions) => {
      const { exportPerson } = await import('../person-data.js');
      await exportPerson(options);
    });
}

function eraseCommand(): Command {
  return new Command('erase')
    .description('remove everything about a person, for good')
    .requiredOption('--person <id>', personExamples)
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON')
    .addHelpText('after', example('rapport data erase --person openai-api:ana --yes'))
    .action(async (options: EraseOptions) => {
      const { erasePerson } = await import('../person-data.js');
      process.exitCode = await erasePerson(options);
    });
}

function encryptCommand(): Command {
  return new Command('encrypt')
    .description('write everything anew, encrypted by the first key of RAPPORT_ENCRYPTION_KEY')
    .option('--json', 'as JSON')
    .addHelpText('after', example('RAPPORT_ENCRYPTION_KEY="$NEW,$OLD" rapport data encrypt'))
    .action(async (options: EncryptOptions) => {
      const { encryptTexts } = await import('../person-data.js');
      await encryptTexts(options);
    });
}
