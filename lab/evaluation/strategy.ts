import type { StrategyTable } from '../../config/strategies.js';
import type { StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import { type AnsweredTurn, answeredTurns, dialogueSchema, ofSplit } from './dialogue.js';
import { accuracy, confusionMatrix, macroF1, preferenceBias, weightedF1 } from './metrics.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, spread } from './task.js';

export interface StrategyOptions {
  readonly planner: StrategyPlanner;
  readonly table: StrategyTable;
  /** Lines of the history the bot shows its planner. */
  readonly historyLines: number;
}

interface StrategyCase extends Pick<AnsweredTurn, 'history'> {
  readonly line: number;
  readonly expected: string;
  /** The right strategies of all supporter turns before, newest last. */
  readonly recent: readonly string[];
}

/**
 * Does the planner choose the strategy that the human supporter took? Every supporter turn that answers a seeker is a
 * case; earlier strategies are the right ones, not the planner's own.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateStrategy(
  scope: EvaluationScope,
  { planner, table, historyLines }: StrategyOptions,
): Promise<Evaluation> {
  const labels = table.strategies.map(({ label }) => label);
  const cases: StrategyCase[] = [];
  const problems: string[] = [];
  for (const { value, place, line } of ofSplit(await readRows(scope.file, dialogueSchema), scope.split)) {
    const named = (name: string): string | null => {
      const label = labelOf(name, table);
      if (!label) problems.push(`${place}: strategy_magic "${name}" is not one of: ${labels.join(', ')}`);
      return label;
    };
    for (const { history, turn, earlier } of answeredTurns(value)) {
      const expected = turn.strategy_magic ? named(turn.strategy_magic) : null;
      if (!expected) continue;
      const recent = earlier.flatMap(({ strategy_magic }) =>
        strategy_magic ? (labelOf(strategy_magic, table) ?? []) : [],
      );
      cases.push({ line, history, expected, recent });
    }
  }
  if (problems.length > 0) throw invalidRows(problems);
  if (cases.length === 0)
    throw invalidRows([`${scope.file}: no supporter turn that answers a seeker has a strategy_magic`]);
  const classified = await judgeEach(
    spread(cases, scope.limit),
    scope,
    async ({ line, history, expected, recent }) => ({
      line,
      expected,
      predicted: (await planner.infer(history.slice(-historyLines), recent)).label,
    }),
  );
  const matrix = confusionMatrix(classified, labels);
  const bias = preferenceBias(matrix);
  return {
    n: classified.length,
    metrics: {
      accuracy: accuracy(matrix),
      macroF1: macroF1(matrix),
      weightedF1: weightedF1(matrix),
      preferenceBias: bias,
    },
    notes: [
      `planner: ${planner.kind}`,
      ...(bias === null
        ? ['preferenceBias is not defined: several strategies were answered wrongly, but never missed']
        : []),
    ],
    predictions: classified,
  };
}

/** The label of config/strategies.yaml by any of its names, ignoring case. */
function labelOf(name: string, { strategies }: StrategyTable): string | null {
  const wanted = name.trim().toLowerCase();
  const row = strategies.find(({ label, aliases }) =>
    [label, ...aliases].some((known) => known.toLowerCase() === wanted),
  );
  return row?.label ?? null;
}
