import type { Random } from '../clock.js';
import { type Beliefs, deviations, draw, learn, type WeightedRow } from './bayesian-regression.js';
import { type FacetName, type Facets, type FacetWeights, facetNames } from './facets.js';
import { type MatchObservation, rewardOf } from './match-observation.js';

/** Weights that a facet may have; also below 0, where a community does better with the opposite. */
export type SignedWeights = Readonly<Record<FacetName, number>>;

/** What a deployment has learned about what makes a match good. */
export interface LearnedWeights {
  /** 👍, 👎 and moods it rests on. */
  readonly ratings: number;
  /** Conversations it rests on. */
  readonly conversations: number;
  /** Expected reward that a facet adds from 0 to 1. */
  readonly mean: SignedWeights;
  /** How sure that is: a standard deviation. */
  readonly deviation: SignedWeights;
  /** A possible truth, as likely as the observations make it (Thompson sampling). */
  sample(random: Random): SignedWeights;
}

/**
 * The configured weights are believed as if so many ratings stood behind each: enough that a handful of strange ratings
 * cannot turn the ranking round, little enough that some dozens can.
 */
const priorRatings = 4;
/** Nothing is believed about the mean reward. */
const interceptPrecision = 0.01;
/** Shape and scale of the belief about the noise: ratings of 0 or 1 scatter by about 0.4. */
const noise = { shape: 3, scale: 0.32 };
/** Reward between the worst and the best match under the configured weights, as believed at first. */
const span = 1;

/**
 * Bayesian linear regression of the reward of a match on its facets. Observations that were measured by another scorer are
 * left out: their facets are no measure of this one's.
 */
export function learnWeights(
  configured: FacetWeights,
  observations: readonly MatchObservation[],
  { scorer, now }: { readonly scorer: string; readonly now: number },
): LearnedWeights {
  let ratings = 0;
  const rows: WeightedRow[] = [];
  for (const observation of observations) {
    const reward = observation.scorer === scorer ? rewardOf(observation, now) : null;
    if (!reward) continue;
    ratings += reward.ratings;
    rows.push({ x: [1, ...rowOf(observation.facets)], y: reward.value, weight: reward.weight });
  }
  const beliefs = learn(priorOf(configured), rows);
  return {
    ratings,
    conversations: rows.length,
    mean: weightsOf(beliefs.mean),
    deviation: weightsOf(deviations(beliefs)),
    sample: (random) => weightsOf(draw(beliefs, random)),
  };
}

/**
 * A score in [0, 1] under weights that may be below 0: the weighted sum between the least and the most it can be. With no
 * weight below 0 it is the weighted mean.
 */
export function signedScore(facets: Facets, weights: SignedWeights): number {
  let sum = 0;
  let least = 0;
  let most = 0;
  for (const name of facetNames) {
    sum += weights[name] * facets[name];
    least += Math.min(0, weights[name]);
    most += Math.max(0, weights[name]);
  }
  return most > least ? (sum - least) / (most - least) : 0;
}

function priorOf(configured: FacetWeights): Beliefs {
  const total = facetNames.reduce((sum, name) => sum + configured[name], 0);
  const slopes = facetNames.map((name) => (total > 0 ? (span * configured[name]) / total : 0));
  const p = slopes.length + 1;
  return {
    mean: [0, ...slopes],
    precision: Array.from({ length: p }, (_row, i) =>
      Array.from({ length: p }, (_column, j) => {
        if (i !== j) return 0;
        return i === 0 ? interceptPrecision : priorRatings;
      }),
    ),
    ...noise,
  };
}

function rowOf(facets: Facets): number[] {
  return facetNames.map((name) => facets[name]);
}

/** θ without its intercept, by facet. */
function weightsOf([, ...slopes]: readonly number[]): SignedWeights {
  const [learnedFit = 0, experience = 0, sharedGround = 0, temperament = 0, memories = 0] = slopes;
  return { learnedFit, experience, sharedGround, temperament, memories };
}
