import type { Character } from '../../characters/schema.js';
import type { SeekerPersona } from '../memory/profile.js';

/** One facet of a match, shown to the person as a reason. */
export interface MatchReason {
  /** e.g. `experience`, `shared-ground`, `temperament`, `chosen`, `lexical`. */
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
}

/**
 * Ranks the supporters of a bank for one seeker (CharacterChat's persona_score, one encode and one matrix product).
 * @throws RapportError RAPPORT_E_MODEL_FILE when the model files are broken and no fallback is configured.
 */
export interface PersonaScorer {
  /** How scores come about, e.g. `encoder` or `lexical` (the fallback); shown by doctor and the trace. */
  readonly kind: string;
  /** The best `k` of `bank`, best first. Characters marked `matchable: false` are left out. */
  rank(seeker: SeekerPersona, bank: readonly Character[], k: number): Promise<RankedMatch[]>;
}
