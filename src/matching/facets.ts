/**
 * What a match consists of, each in [0, 1]; the served score is their weighted mean.
 *
 * - `learnedFit`: what the model fitted to the published ratings expects, 1–5 laid on [0, 1] (CharacterChat's persona_score).
 * - `experience`: the character has lived through what troubles the person.
 * - `sharedGround`: their everyday lives touch.
 * - `temperament`: how two Myers-Briggs types complement each other; 0.5 where one is unknown.
 * - `memories`: the character has memories that can be told here, and more than one.
 */
export const facetNames = ['learnedFit', 'experience', 'sharedGround', 'temperament', 'memories'] as const;

export type FacetName = (typeof facetNames)[number];
export type Facets = Readonly<Record<FacetName, number>>;
/** Config `matching.weights`: how much each facet counts; only their proportion matters. */
export type FacetWeights = Readonly<Record<FacetName, number>>;

/** The weights of config/default.yaml, for those who are made without a configuration. */
export const defaultWeights: FacetWeights = {
  learnedFit: 0.1,
  experience: 1,
  sharedGround: 0.1,
  temperament: 0.05,
  memories: 0.15,
};

/** Weighted mean of the facets, in [0, 1]; 0 where every weight is 0. */
export function weightedScore(facets: Facets, weights: FacetWeights): number {
  let sum = 0;
  let total = 0;
  for (const name of facetNames) {
    sum += weights[name] * facets[name];
    total += weights[name];
  }
  return total > 0 ? sum / total : 0;
}

/** A value laid on [0, 1] by the ends of its usual range. */
export function onScale(value: number, low: number, high: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/**
 * How well two Myers-Briggs types complement each other in a supportive talk, in [0, 1]; null where one is unknown.
 * A plain heuristic, not a finding: sharing how one takes in the world (N/S) eases understanding, an even energy (E/I)
 * that differs helps one lead and one reflect, a feeling supporter comforts, and the last letter hardly matters.
 */
export function temperamentFit(seeker: string | undefined, supporter: string | undefined): number | null {
  if (!seeker || !supporter || seeker.length !== 4 || supporter.length !== 4) return null;
  const same = (index: number): boolean => seeker[index] === supporter[index];
  return (
    (same(1) ? 0.45 : 0) +
    (same(0) ? 0.1 : 0.2) +
    (supporter[2] === 'F' ? 0.25 : same(2) ? 0.15 : 0) +
    (same(3) ? 0.1 : 0.05)
  );
}
