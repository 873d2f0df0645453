import type { Character } from '../../../characters/schema.js';

/** A text with its vector of the sentence encoder. */
export interface FitText {
  readonly text: string;
  readonly vector: Float32Array;
}

/**
 * How well a seeker and a supporter fit, learned from ratings (CharacterChat's persona_score): two towers, apart so that a
 * bank's side is computed once and a ranking costs one seeker and one product.
 */
export interface LearnedFit {
  /** Rating 1–5 of a pair nothing is known of. */
  readonly mean: number;
  /** A supporter takes long: the other facets rank without this one until a bank's side is computed. */
  readonly slow?: true;
  /** The supporters' side, one vector [rank] a character in order. @param statements their statements' vectors. */
  supporters(
    characters: readonly Character[],
    statements: readonly Float32Array[],
  ): Promise<readonly Float32Array[]>;
  /** The seeker's side, [rank]. */
  seeker(text: FitText): Promise<Float32Array>;
  /** Rating of a pair by its two sides; 1–5, not cut. */
  rating(seeker: Float32Array, supporter: Float32Array): number;
}

/** Ends of the usual range of a cosine between a person's words and a text of a character. */
export interface CosineRange {
  readonly low: number;
  readonly high: number;
}

export interface CosineScales {
  readonly statement: CosineRange;
  readonly memories: CosineRange;
  readonly everyday: CosineRange;
}

/** Those of the first shipped encoder. */
export const usualScales: CosineScales = {
  statement: { low: 0.12, high: 0.39 },
  memories: { low: 0.27, high: 0.47 },
  everyday: { low: 0.13, high: 0.42 },
};

const nothing = new Float32Array(0);

/** Says the same of every pair: what stands in where no model can be loaded, or the loaded one was made for another encoder. */
export function constantFit(mean: number): LearnedFit {
  return {
    mean,
    supporters: async (characters) => characters.map(() => nothing),
    seeker: async () => nothing,
    rating: () => mean,
  };
}

/** The mean plus the inner product of the two sides. */
export function ratingOf(mean: number, seeker: Float32Array, supporter: Float32Array): number {
  let rating = mean;
  for (let k = 0; k < seeker.length; k += 1) rating += (seeker[k] as number) * (supporter[k] ?? 0);
  return rating;
}
