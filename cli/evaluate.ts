import { closeSync, existsSync, mkdtempSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { createFactChooser } from '../app/fact-chooser.js';
import { createModels } from '../app/models.js';
import { openReader } from '../app/reader.js';
import { createScorers, type Scorers } from '../app/scorers.js';
import { loadConfig, loadLocale } from '../app/settings.js';
import { configuredBank } from '../characters/bank.js';
import { RapportError, reasonOf } from '../config/errors.js';
import type { LoadedConfig } from '../config/load.js';
import { loadSteering } from '../config/steering.js';
import { loadStrategies } from '../config/strategies.js';
import { careJudge, evaluateCare } from '../lab/evaluation/care.js';
import { evaluateCharacterMemory } from '../lab/evaluation/character-memory.js';
import { evaluateChatModel } from '../lab/evaluation/chat-model.js';
import { evaluateEmotion } from '../lab/evaluation/emotion.js';
import { evaluateFacts } from '../lab/evaluation/facts.js';
import type { PairedTest } from '../lab/evaluation/generation/resampling.js';
import { evaluateMemorySelector } from '../lab/evaluation/memory-selector.js';
import { evaluatePapers } from '../lab/evaluation/papers.js';
import { evaluatePersonaScore } from '../lab/evaluation/persona-score.js';
import { evaluateRecall } from '../lab/evaluation/recall.js';
import { evaluateStrategy } from '../lab/evaluation/strategy.js';
import type { CaseFigures, Evaluation, EvaluationScope, Prediction } from '../lab/evaluation/task.js';
import { systemClock } from '../src/clock.js';
import type { EvaluateOptions, TaskName } from './commands/evaluate.js';
import { columns, printJson, printLine, printNote } from './output.js';
import { quietLogger } from './quiet-logger.js';

/** Measures one part of the bot, put together as the bot does, on a file of published or own data. */
export async function evaluate(task: TaskName, options: EvaluateOptions): Promise<void> {
  const write =
    options.predictions === undefined || task === 'generation'
      ? null
      : predictionsFile(options.predictions, options.data);
  const progress = progressBar();
  const scope: EvaluationScope = {
    file: options.data,
    limit: options.limit,
    split: options.split,
    onProgress: progress.show,
  };
  const found = await tasks[task](scope, loadConfig(), options).finally(progress.stop);
  const { n, metrics, notes, predictions, intervals, paired, rows } = found;
  write?.(predictions);
  for (const note of notes) printNote(note);
  if (options.json) return printJson({ task, n, metrics, intervals, paired, rows });
  const lines = Object.entries(metrics).map(([name, value]) => [
    name,
    rounded(value),
    ...(intervals?.[name] ? [intervals[name].map(rounded).join(' to ')] : []),
    ...(paired?.[name] ? [pairedInWords(paired[name])] : []),
  ]);
  printLine(columns([['n', String(n)], ...lines]));
  if (rows) printLine(`\n${table(rows)}`);
}

function rounded(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(3) : '-';
}

function pairedInWords({ difference, interval, p }: PairedTest): string {
  const sign = difference < 0 ? '' : '+';
  return `${sign}${rounded(difference)} against the other (${interval.map(rounded).join(' to ')}), p = ${rounded(p)}`;
}

function table(rows: readonly CaseFigures[]): string {
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'id');
  return columns([
    ['id', ...names],
    ...rows.map((row) => [String(row.id ?? '-'), ...names.map((name) => rounded(row[name]))]),
  ]);
}

const tasks: Readonly<
  Record<
    TaskName,
    (scope: EvaluationScope, loaded: LoadedConfig, options: EvaluateOptions) => Promise<Evaluation>
  >
> = {
  'memory-selector': (scope, loaded) =>
    withScorers(loaded, ({ selector }) =>
      evaluateMemorySelector(scope, { selector, historyLines: loaded.config.memory.historyLines }),
    ),
  'persona-score': (scope, loaded) =>
    withScorers(loaded, ({ scorer }) => evaluatePersonaScore(scope, scorer)),
  strategy: (scope, loaded) =>
    withScorers(loaded, ({ planner }) =>
      evaluateStrategy(scope, {
        planner,
        table: loadStrategies(),
        historyLines: 2 * loaded.config.turn.historyTurns,
      }),
    ),
  emotion: (scope, loaded) =>
    withScorers(loaded, ({ emotion, trained }) => {
      if (!emotion)
        throw (
          trained.find(({ name }) => name === 'emotion')?.problem ??
          new RapportError('RAPPORT_E_USAGE', {
            reason: 'No emotion classifier is configured (scorers.emotion).',
            command: 'evaluate',
          })
        );
      return evaluateEmotion(scope, { classifier: emotion, labels: emotion.labels });
    }),
  care: async (scope, loaded) => {
    const logger = quietLogger(loaded);
    const reader = openReader(loaded.config, logger);
    const { threshold } = loaded.config.care;
    try {
      return await evaluateCare(scope, {
        judge: careJudge(reader.care, { threshold, clock: systemClock, logger }),
        by: reader.care ? 'rules and the trained reader' : 'rules',
      });
    } finally {
      await reader.close();
    }
  },
  facts: async (scope, loaded) => {
    const logger = quietLogger(loaded);
    const reader = openReader(loaded.config, logger);
    try {
      return await evaluateFacts(scope, createFactChooser(loaded.config, reader.meaning, logger));
    } finally {
      await reader.close();
    }
  },
  'character-memory': (scope, loaded) =>
    withScorers(loaded, ({ selector }) =>
      evaluateCharacterMemory(scope, selector, configuredBank(loaded.config)),
    ),
  recall: async (scope, loaded) => {
    const reader = openReader(loaded.config, quietLogger(loaded));
    try {
      return await evaluateRecall(scope, reader.meaning);
    } finally {
      await reader.close();
    }
  },
  generation: async (scope, _, options) => {
    const { evaluateGeneration } = await import('../lab/evaluation/generation.js');
    return evaluateGeneration(scope, options);
  },
  papers: (scope, _, { intervals }) => evaluatePapers(scope, { intervals }),
  'chat-model': (scope, loaded) => {
    const config = { ...loaded.config, model: { ...loaded.config.model, endpoints: {}, routes: [] } };
    const embeddedOnly = { ...loaded, config };
    return withScorers(embeddedOnly, async ({ selector, planner, encoder, replyRanker, emotion }) => {
      const logger = quietLogger(loaded);
      const models = createModels(embeddedOnly, { encoder, replyRanker, emotion, answers: null }, logger);
      try {
        return await evaluateChatModel(scope, {
          router: models.router,
          goals: loadSteering().goals,
          logProbability: (prompt, text) => models.embedded().logProbability(prompt, text),
          characters: configuredBank(loaded.config).all.filter(({ matchable }) => matchable),
          selector,
          planner,
          clock: systemClock,
          lines: { memory: config.memory.historyLines, prompt: config.turn.historyTurns },
          memoriesPerTurn: config.memory.perTurn,
        });
      } finally {
        await models.close();
      }
    });
  },
};

/**
 * A file for what was predicted, opened before the work begins.
 * @throws RapportError RAPPORT_E_USAGE where it is the data themselves; RAPPORT_E_FILE_UNREADABLE where it cannot be written.
 */
function predictionsFile(to: string, data: string): (predictions: readonly Prediction[]) => void {
  const file = resolve(to);
  if (isSameFile(file, data))
    throw new RapportError('RAPPORT_E_USAGE', {
      reason: '--predictions names the file of --data, which would be overwritten.',
      command: 'evaluate',
    });
  try {
    const handle = openSync(file, 'w', 0o600);
    return (predictions) => {
      for (const row of predictions) writeSync(handle, `${JSON.stringify(row)}\n`);
      closeSync(handle);
    };
  } catch (error) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}

function isSameFile(file: string, other: string): boolean {
  return existsSync(file) && existsSync(other) && realpathSync(file) === realpathSync(other);
}

/** The scorers with a data folder of their own: the vectors of evaluated characters must not replace the bank's. */
async function withScorers<T>(loaded: LoadedConfig, run: (scorers: Scorers) => Promise<T>): Promise<T> {
  const { config } = loaded;
  const folder = mkdtempSync(join(tmpdir(), 'rapport-evaluate-'));
  const scorers = await createScorers(
    { ...config, data: { ...config.data, dir: folder } },
    loadLocale(config.locale).say,
    quietLogger(loaded),
  );
  try {
    const { problem, trained } = scorers;
    for (const { name, kind, problem: reason } of trained)
      if (reason) printNote(`${reason.code}: ${reason.message} ${name}: ${kind} instead.`);
    if (problem) printNote(`${problem.code}: ${problem.message} Shared words decide instead.`);
    return await run(scorers);
  } finally {
    await scorers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** On stderr, and only where a person watches it. */
function progressBar(): {
  readonly show: (done: number, total: number) => void;
  readonly stop: () => void;
} {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true });
  return {
    show: (done, total) => (done === 0 ? bar.start(total, 0) : bar.update(done)),
    stop: () => bar.stop(),
  };
}
