import type { Character } from '../../characters/schema.js';
import { reasonOf } from '../../config/errors.js';
import type { SeekerPersona } from '../memory/profile.js';
import type { Logger } from '../telemetry/logger.js';
import type { PersonaScorer, RankedMatch, RankOptions } from './persona-scorer.js';

/** Ranks as `usual` does; where that fails, as `standIn` does, which the matches say: nobody is left without a supporter. */
export class FallbackPersonaScorer implements PersonaScorer {
  readonly #usual: PersonaScorer;
  readonly #standIn: PersonaScorer;
  readonly #logger: Logger;

  constructor(usual: PersonaScorer, standIn: PersonaScorer, logger: Logger) {
    this.#usual = usual;
    this.#standIn = standIn;
    this.#logger = logger;
  }

  get kind(): string {
    return this.#usual.kind;
  }

  async prepare(bank: readonly Character[]): Promise<void> {
    await this.#usual.prepare?.(bank);
  }

  async rank(
    seeker: SeekerPersona,
    bank: readonly Character[],
    k: number,
    options?: RankOptions,
  ): Promise<RankedMatch[]> {
    try {
      return await this.#usual.rank(seeker, bank, k, options);
    } catch (error) {
      const by = this.#standIn.kind;
      this.#logger.warn(
        { reason: reasonOf(error) },
        `supporters cannot be ranked by ${this.kind}; ${by} instead`,
      );
      const ranking = await this.#standIn.rank(seeker, bank, k, options);
      return ranking.map(({ character, score, reasons }) => ({ character, score, reasons, by }));
    }
  }
}
