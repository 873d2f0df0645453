import type { Character } from '../../characters/schema.js';
import { reasonOf } from '../../config/errors.js';
import type { SeekerPersona } from '../memory/profile.js';
import type { Logger } from '../telemetry/logger.js';
import type { Facets } from './facets.js';

/** One facet of a match, shown to the person as a reason. */
export interface MatchReason {
  /** `experience`, `shared-ground`, `temperament`, `memories`, `learned-fit`; `listening` where none stands out; `chosen`. */
  readonly facet: string;
  /** In [0, 1]; comparable within one ranking only. */
  readonly score: number;
  /** One plain sentence for the person. */
  readonly text: string;
}

export interface RankedMatch {
  readonly character: Character;
  /** Higher is better; comparable within one ranking only. */
  readonly score: number;
  readonly reasons: readonly MatchReason[];
  /** What the score is made of, where the scorer works with facets: what learning from feedback needs. */
  readonly facets?: Facets;
  /** Kind of the scorer that ranked it, where the one that was asked could not. */
  readonly by?: string;
}

export interface RankOptions {
  /**
   * Whether a scorer that learns may try out what it is not sure of. False where a match is compared with another one
   * (an offer to change), which must not come about by chance. Default true.
   */
  readonly explore?: boolean;
}

/**
 * Ranks the supporters of a bank for one seeker (CharacterChat's persona_score, one encode and one matrix product).
 * @throws RapportError RAPPORT_E_MODEL_FILE when the model files are broken and no fallback is configured.
 */
export interface PersonaScorer {
  /** How scores come about, e.g. `encoder` or `lexical` (the fallback); shown by doctor and the trace. */
  readonly kind: string;
  /** The best `k` of `bank`, best first. Characters marked `matchable: false` are left out. */
  rank(
    seeker: SeekerPersona,
    bank: readonly Character[],
    k: number,
    options?: RankOptions,
  ): Promise<RankedMatch[]>;
  /** Computes (or reads) beforehand what ranking a bank needs, where there is something to compute: the first ranking is quick then. */
  prepare?(bank: readonly Character[]): Promise<void>;
}

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
