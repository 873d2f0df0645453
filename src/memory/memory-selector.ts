import { reasonOf } from '../../config/errors.js';
import type { Logger } from '../telemetry/logger.js';

/** A memory that may serve a turn: of the character (by aspect) or of the person (aspect `user`). */
export interface MemoryCandidate {
  /** CharacterChat's aspect name (`hobby`, `growth_experience` …) or `user` for a fact about the person. */
  readonly aspect: string;
  readonly text: string;
}

export interface ScoredMemory extends MemoryCandidate {
  /** Higher is better; comparable within one selection. */
  readonly score: number;
}

export interface HistoryLine {
  readonly role: 'seeker' | 'supporter';
  readonly text: string;
}

export interface MemorySelection {
  /** The chosen ones, best first; empty when none reaches the threshold. */
  readonly chosen: readonly ScoredMemory[];
  /** All candidates with their scores, best first, for the trace. */
  readonly considered: readonly ScoredMemory[];
  /** Kind of the selector that chose, where the one that was asked could not. */
  readonly by?: string;
}

/** Which aspects were told of before, oldest first. */
export interface UsedAspects {
  /** By the side that is about to speak. */
  readonly own: readonly string[];
  /** By the other side, an entry a line of theirs (`none` where it told of nothing); left out where nobody knows. */
  readonly other?: readonly string[];
}

/** Which memories serve this turn (CharacterChat's info_selecter). */
export interface MemorySelector {
  readonly kind: string;
  /** Begins what a selection for this last line will need; returns at once, and failures show in the selection. */
  prefetch?(line: string): void;
  /** Whether the last line is small talk, which calls for no memory. */
  callsForNone?(history: readonly HistoryLine[]): Promise<boolean>;
  /** Scores the recent `history` (oldest first) against each candidate and returns at most `k` at or above the threshold. */
  select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
    used?: UsedAspects,
  ): Promise<MemorySelection>;
}

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
