/** What a person says or asks now. */
export interface Asked {
  readonly text: string;
  /** The line they wrote before it, which says whom "she" means. */
  readonly before?: string | undefined;
}

export interface RankedFact {
  /** Its place among the facts that were given. */
  readonly index: number;
  /** Higher is better; comparable within one choice. */
  readonly score: number;
}

export interface FactChoice {
  /** All facts, the one that answers best first. */
  readonly ranked: readonly RankedFact[];
  /** Those that answer or bear on what was said, best first; empty where none does. */
  readonly fitting: readonly RankedFact[];
}

/** Which of the things known about a person bear on what they say. */
export interface FactChooser {
  readonly kind: string;
  choose(asked: Asked, facts: readonly string[]): Promise<FactChoice>;
}
