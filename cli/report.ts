import { loadConfig } from '../app/settings.js';
import { openStore } from '../app/store.js';
import { laws } from '../config/law.js';
import { type CareCounts, readCareCounts } from '../src/care/counts.js';
import { systemClock } from '../src/clock.js';
import type { ReportOptions } from './commands/report.js';
import { printJson, printLine } from './output.js';

/** How often care was needed in a year, by month. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
export async function reportCare(options: ReportOptions): Promise<void> {
  const loaded = loadConfig();
  const { jurisdiction } = loaded.config.care;
  const year = options.year ?? new Date(systemClock.now()).getUTCFullYear();
  const store = await openStore(loaded);
  try {
    const months = await readCareCounts(store, year);
    const total = sum([...months.values()]);
    if (options.json) {
      printJson({ year, jurisdiction, total, months: Object.fromEntries(months) });
      return;
    }
    printLine(`Care in ${year} (UTC months), by ${laws[jurisdiction].title}.`);
    printLine('Counts only: nothing of what anybody wrote, and nobody, is in them.\n');
    const width = Math.max(...Object.keys(total).map(({ length }) => length));
    for (const [name, count] of Object.entries(total)) {
      const monthly = [...months].flatMap(([month, counts]) =>
        counts[name] ? [`${month.slice(5)}: ${counts[name]}`] : [],
      );
      printLine(`${name.padEnd(width)}  ${String(count).padStart(6)}  ${monthly.join(', ')}`.trimEnd());
    }
  } finally {
    await store.close();
  }
}

function sum(all: readonly CareCounts[]): CareCounts {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  return total;
}
