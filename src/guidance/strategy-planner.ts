import { reasonOf } from '../../config/errors.js';
import type { HistoryLine } from '../memory/memory-selector.js';
import type { Logger } from '../telemetry/logger.js';

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

/** Plans as `usual` does; where that fails, as `standIn` does, which the plan says: a turn does not end for a strategy. */
export class FallbackStrategyPlanner implements StrategyPlanner {
  readonly #usual: StrategyPlanner;
  readonly #standIn: StrategyPlanner;
  readonly #logger: Logger;

  constructor(usual: StrategyPlanner, standIn: StrategyPlanner, logger: Logger) {
    this.#usual = usual;
    this.#standIn = standIn;
    this.#logger = logger;
  }

  get kind(): string {
    return this.#usual.kind;
  }

  async infer(history: readonly HistoryLine[], recent: readonly string[]): Promise<PlannedStrategy> {
    try {
      return await this.#usual.infer(history, recent);
    } catch (error) {
      const by = this.#standIn.kind;
      this.#logger.warn(
        { reason: reasonOf(error) },
        `a strategy cannot be planned by ${this.kind}; ${by} instead`,
      );
      return { ...(await this.#standIn.infer(history, recent)), by };
    }
  }
}
