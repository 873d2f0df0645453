import { z } from 'zod';
import type { StrategyTable } from '../../config/strategies.js';
import type { PlannedStrategy, StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import type { HistoryLine } from '../../src/memory/memory-selector.js';
import { ScorerHead, singleSpaced, stacked } from './scorer-head.js';
import type { ScorerEncoder } from './sentence-encoder.js';

const schema = z.looseObject({
  /** MAGIC's eight labels, then those of ESConv. */
  labels: z.array(z.string().min(1)).min(2),
  esconvLabels: z.array(z.string().min(1)).min(2),
  numbers: z.int().min(1),
});

/** Own strategies that are looked at one by one, and counted. */
const pastStrategies = 4;
const remembered = 8;
const linesRead = 3;
const longLine = 300;
const shortLineWords = 8;
/** A strategy this near to the best one may be mixed into the reply (ESConv marks several in one turn of nine). */
const nearlyBest = 0.75;

/** Probabilities of one turn by label. */
export interface StrategyProbabilities {
  readonly magic: ReadonlyMap<string, number>;
  /** ESConv's own eight labels (suggestions and information apart, no greeting). */
  readonly esconv: ReadonlyMap<string, number>;
}

/**
 * Plans by a small network over the vectors of the person's last two lines and the bot's last one, the bot's earlier
 * strategies and the stage of the talk. `lines` [1, 3, d], `numbers` [1, n] → `magic` [1, 8], `esconv` [1, 8].
 */
export class TrainedStrategyPlanner implements StrategyPlanner {
  readonly kind: string;
  readonly #head: ScorerHead<typeof schema>;
  readonly #table: StrategyTable;
  /** Names in any case, aliases too → the label of the graph. */
  readonly #names: ReadonlyMap<string, string>;

  /** @throws RapportError RAPPORT_E_MODEL_FILE */
  constructor(folder: string, encoders: readonly ScorerEncoder[], table: StrategyTable) {
    this.#head = new ScorerHead(folder, schema, encoders);
    this.kind = this.#head.label;
    this.#table = table;
    this.#names = new Map(
      table.strategies.flatMap(({ label, aliases }) =>
        [label, ...aliases].map((name) => [name.toLowerCase(), label] as const),
      ),
    );
  }

  async infer(history: readonly HistoryLine[], recent: readonly string[]): Promise<PlannedStrategy> {
    const { magic } = await this.probabilities(history, recent);
    const ranked = this.#table.strategies
      .map(({ label, motivation }) => ({ label, motivation, probability: magic.get(label) ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
    const [best, ...others] = ranked;
    if (!best) throw new Error('config/strategies.yaml lists no strategy');
    return {
      ...best,
      also: others
        .filter(({ probability }) => probability >= nearlyBest * best.probability)
        .map(({ label }) => label),
      ranked: ranked.map(({ label, probability }) => ({ label, probability })),
    };
  }

  /** All probabilities of both label sets. */
  async probabilities(
    history: readonly HistoryLine[],
    recent: readonly string[],
  ): Promise<StrategyProbabilities> {
    const spoken = joined(history);
    const seeker = spoken.filter(({ role }) => role === 'seeker').map(({ text }) => text);
    const supporter = spoken.filter(({ role }) => role === 'supporter').map(({ text }) => text);
    const texts = [seeker.at(-1) ?? '', supporter.at(-1) ?? '', seeker.at(-2) ?? ''];
    const { dimension, manifest } = this.#head;
    const vectors = await this.#head.vectors(texts);
    const { magic, esconv } = await this.#head.run(
      {
        lines: { data: stacked(vectors, dimension), shape: [1, linesRead, dimension] },
        numbers: {
          data: this.#numbers(recent, supporter.length, texts[0] ?? ''),
          shape: [1, manifest.numbers],
        },
      },
      ['magic', 'esconv'],
    );
    return { magic: byLabel(manifest.labels, magic), esconv: byLabel(manifest.esconvLabels, esconv) };
  }

  /** Loads the graph now, so that a broken file is found at start. @throws RapportError RAPPORT_E_MODEL_FILE */
  async warm(): Promise<void> {
    await this.probabilities([{ role: 'seeker', text: 'I am here.' }], []);
  }

  /** The last eight strategies counted, the last four in order, the stage, what the last line looks like. */
  #numbers(recent: readonly string[], supporterTurns: number, line: string): Float32Array {
    const { labels, numbers } = this.#head.manifest;
    const past = recent.map((name) => labels.indexOf(this.#names.get(name.toLowerCase()) ?? name));
    const last = past.slice(-remembered);
    const words = line === '' ? 0 : line.split(' ').length;
    const values = [
      ...labels.map((_, label) => last.filter((one) => one === label).length / 4),
      last.length / remembered,
      ...Array.from({ length: pastStrategies }, (_, back) => past.at(-1 - back) ?? labels.length).flatMap(
        (place) => Array.from({ length: labels.length + 1 }, (_, at) => (at === place ? 1 : 0)),
      ),
      Math.min(supporterTurns, 30) / 30,
      Math.exp(-supporterTurns / 3),
      supporterTurns === 0 ? 1 : 0,
      words < shortLineWords ? 1 : 0,
      Math.min([...line].length, longLine) / longLine,
      line.includes('?') ? 1 : 0,
    ];
    return Float32Array.from({ length: numbers }, (_, at) => values[at] ?? 0);
  }
}

/** The encoder reads less of a line, UTF-16 units. */
const lineUnits = 4_000;

/** Neighbouring lines of one side are one, as far as it is read. */
function joined(history: readonly HistoryLine[]): HistoryLine[] {
  const runs: { readonly role: HistoryLine['role']; text: string }[] = [];
  for (const { role, text } of history) {
    const last = runs.at(-1);
    if (last?.role !== role) runs.push({ role, text: text.slice(0, lineUnits) });
    else if (last.text.length < lineUnits) last.text += ` ${text.slice(0, lineUnits)}`;
  }
  return runs.map(({ role, text }) => ({
    role,
    text: singleSpaced(text).slice(0, lineUnits).toWellFormed(),
  }));
}

function byLabel(labels: readonly string[], probabilities: Float32Array): Map<string, number> {
  return new Map(labels.map((label, place) => [label, probabilities[place] ?? 0]));
}
