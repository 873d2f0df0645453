import { reasonOf } from '../../config/errors.js';
import type { HistoryLine } from '../memory/memory-selector.js';
import type { Logger } from '../telemetry/logger.js';
import type { PlannedStrategy, StrategyPlanner } from './strategy-planner.js';

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
