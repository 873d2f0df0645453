import type { HistoryLine } from '../memory/memory-selector.js';

/** A support strategy with the reason for it (MAGIC's motivation). `label` is one of config/strategies.yaml. */
export interface PlannedStrategy {
  readonly label: string;
  readonly motivation: string;
  /** In [0, 1]. */
  readonly probability: number;
  /** Other strategies nearly as likely: a reply may use several. */
  readonly also?: readonly string[];
  /** Kind of the planner that chose, where the one that was asked could not. */
  readonly by?: string;
  /** All strategies, likeliest first, where the planner knows. */
  readonly ranked?: readonly { readonly label: string; readonly probability: number }[];
}

/** Which support strategy fits the next reply (MAGIC / ESConv). */
export interface StrategyPlanner {
  readonly kind: string;
  /** `recent`: strategies of the bot's last turns, newest last. */
  infer(history: readonly HistoryLine[], recent: readonly string[]): Promise<PlannedStrategy>;
}
