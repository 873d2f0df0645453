import type { StrategyTable } from '../../config/strategies.js';
import type { HistoryLine } from '../memory/memory-selector.js';
import type { PlannedStrategy, StrategyPlanner } from './strategy-planner.js';

/**
 * Plans by the stage of the conversation (ESConv's shares by sixth of a dialogue), weighed down for what was used in the
 * last turns and adjusted by what the person just did. No model; the trained planner replaces it behind the same port.
 */
export class StagePriorPlanner implements StrategyPlanner {
  readonly kind = 'stage-prior';
  readonly #table: StrategyTable;

  constructor(table: StrategyTable) {
    this.#table = table;
  }

  async infer(history: readonly HistoryLine[], recent: readonly string[]): Promise<PlannedStrategy> {
    const supporterTurns = history.filter(({ role }) => role === 'supporter').length;
    const stage = Math.min(5, Math.floor((6 * supporterTurns) / this.#table.typicalTurns));
    const cues = cuesOf(history.findLast(({ role }) => role === 'seeker')?.text ?? '');
    const weights = this.#table.strategies.map(({ label, priors }) => {
      const used = recent.slice(-2).filter((past) => past === label).length;
      return (priors[stage] ?? 0.01) * (cues[label] ?? 1) * 0.4 ** used;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const best = weights.indexOf(Math.max(...weights));
    const chosen = this.#table.strategies[best];
    if (!chosen) throw new Error('config/strategies.yaml lists no strategy');
    return { label: chosen.label, motivation: chosen.motivation, probability: (weights[best] ?? 0) / total };
  }
}

/** Plain signs in the last message that make a strategy more or less fitting. */
function cuesOf(text: string): Readonly<Record<string, number>> {
  const asks = /\b(what (should|can|would)|how (do|can|should)|any (advice|idea|tips)|help me)\b/i.test(text);
  const greets = /^\W*(hi|hello|hey|good (morning|evening|afternoon))\b.{0,20}$/i.test(text);
  const leaves = /\b(bye|goodbye|good night|have to go|talk later|thanks for (listening|talking))\b/i.test(
    text,
  );
  const hurts =
    /\b(sad|alone|lonely|hurt|scared|afraid|cry|crying|awful|hopeless|anxious|ashamed|miss)\b/i.test(text);
  return {
    'Providing Suggestions or Information': asks ? 4 : hurts ? 0.6 : 1,
    Greeting: greets || leaves ? 6 : 0.15,
    'Reflection of Feelings': hurts ? 2.2 : 1,
    'Affirmation and Reassurance': hurts ? 1.4 : 1,
    Question: asks || leaves ? 0.4 : text.length < 60 ? 1.3 : 1,
    Others: leaves ? 1.5 : 0.5,
  };
}
