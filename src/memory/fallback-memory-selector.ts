import { reasonOf } from '../../config/errors.js';
import type { Logger } from '../telemetry/logger.js';
import type {
  HistoryLine,
  MemoryCandidate,
  MemorySelection,
  MemorySelector,
  UsedAspects,
} from './memory-selector.js';

/** Chooses as `usual` does; where that fails (its thread died, a file went), as `standIn` does, which the selection says: a turn does not end for a memory. */
export class FallbackMemorySelector implements MemorySelector {
  readonly #usual: MemorySelector;
  readonly #standIn: MemorySelector;
  readonly #logger: Logger;

  constructor(usual: MemorySelector, standIn: MemorySelector, logger: Logger) {
    this.#usual = usual;
    this.#standIn = standIn;
    this.#logger = logger;
  }

  get kind(): string {
    return this.#usual.kind;
  }

  prefetch(line: string): void {
    this.#usual.prefetch?.(line);
  }

  async select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
    used?: UsedAspects,
  ): Promise<MemorySelection> {
    try {
      return await this.#usual.select(history, candidates, k, used);
    } catch (error) {
      const by = this.#standIn.kind;
      this.#logger.warn(
        { reason: reasonOf(error) },
        `memories cannot be chosen by ${this.kind}; ${by} instead`,
      );
      return { ...(await this.#standIn.select(history, candidates, k, used)), by };
    }
  }
}
