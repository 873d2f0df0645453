import { Command } from 'commander';
import { RapportError } from '../../config/errors.js';
import { example } from '../options.js';
import { columns, printJson, printLine, printNote } from '../output.js';

interface BenchReport {
  readonly bench: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

const benches: Readonly<Record<string, () => Promise<BenchReport>>> = {
  turn: async () => (await import('../../bench/turn.js')).benchTurn(),
  store: async () => (await import('../../bench/store.js')).benchStore(),
  models: async () => (await import('../../bench/models.js')).benchModels(),
  discord: async () => (await import('../../bench/discord.js')).benchDiscord(),
  slack: async () => (await import('../../bench/slack.js')).benchSlack(),
};

/** `rapport bench`: the figures of this machine. */
export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'measure on this machine: turn (what a turn costs beside the model), store (state on both stores), models (the scorers), discord and slack (200 conversations at once)',
    )
    .argument('<name>', Object.keys(benches).join(' or '))
    .option('--json', '{"bench","metrics"}; notes go to stderr')
    .addHelpText('after', example('rapport bench store --json'))
    .action(async (name: string, { json }: { readonly json?: boolean }) => {
      const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
      if (!bench) {
        const reason = `There is no benchmark "${name}"; there are: ${Object.keys(benches).join(', ')}.`;
        throw new RapportError('RAPPORT_E_USAGE', { reason, command: 'bench' });
      }
      const { metrics, notes } = await bench();
      for (const note of notes) printNote(note);
      if (json) printJson({ bench: name, metrics });
      else
        printLine(
          columns(Object.entries(metrics).map(([key, value]) => [key, value === null ? '-' : figure(value)])),
        );
    });
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
