import type { Character } from '../../characters/schema.js';
import { reasonOf } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import type { Clock, Random } from '../clock.js';
import type { SeekerPersona } from '../memory/profile.js';
import type { Logger } from '../telemetry/logger.js';
import { type LearnedWeights, learnWeights, signedScore } from './learned-weights.js';
import type { MatchObservation } from './match-observation.js';
import type { PersonaScorer, RankedMatch, RankOptions } from './persona-scorer.js';

/** How long learned weights are used before the observations are read again, ms. */
const freshMs = 60_000;
/** Observations learned from, the latest. */
const maxObservations = 5_000;
/** Of a ranking so many are put into a new order: those whose facets were all measured. */
const pool = 64;

/** Where the observations are read from: the part of the store that a scorer needs. */
export interface ObservedMatches {
  /** Of everybody, latest first, about `limit` at most. */
  observations(limit: number): Promise<MatchObservation[]>;
}

export interface LearningPersonaScorerOptions {
  readonly inner: PersonaScorer;
  readonly store: { readonly matching: ObservedMatches };
  readonly matching: Pick<Config['matching'], 'weights' | 'learning'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Ranks as another scorer does until this deployment has enough ratings of its own; from then on by weights of the facets
 * learned from them, tried out by Thompson sampling: each ranking follows one draw of what may be true, so that what is
 * uncertain is tried as often as it may be best. Where chance has no place (`explore: false`) the expected weights decide.
 */
export class LearningPersonaScorer implements PersonaScorer {
  readonly #options: LearningPersonaScorerOptions;
  #learned: LearnedWeights | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(options: LearningPersonaScorerOptions) {
    this.#options = options;
  }

  get kind(): string {
    return this.#options.inner.kind;
  }

  async prepare(bank: readonly Character[]): Promise<void> {
    await this.#options.inner.prepare?.(bank);
  }

  async rank(
    seeker: SeekerPersona,
    bank: readonly Character[],
    k: number,
    { explore = true }: RankOptions = {},
  ): Promise<RankedMatch[]> {
    const { inner, random, matching } = this.#options;
    const learned = await this.#current();
    if (!learned || learned.ratings < matching.learning.minRatings) return inner.rank(seeker, bank, k);
    const weights = explore ? learned.sample(random) : learned.mean;
    const ranking = await inner.rank(seeker, bank, Math.max(k, pool));
    const measured = ranking.slice(0, pool);
    const rescored = measured.map((match) =>
      match.facets ? withScore(match, signedScore(match.facets, weights)) : match,
    );
    rescored.sort((a, b) => b.score - a.score || a.character.id.localeCompare(b.character.id));
    const floor = rescored.at(-1)?.score ?? 0;
    const others = ranking.slice(pool).map((match) => withScore(match, Math.min(match.score, floor)));
    return [...rescored, ...others].slice(0, k);
  }

  /** What has been learned, for doctor and `rapport match --feedback`; null where learning is off. */
  async learned(): Promise<LearnedWeights | null> {
    await this.#read();
    return this.#learned;
  }

  /** Learned weights no older than a minute, without waiting but for the first time. */
  async #current(): Promise<LearnedWeights | null> {
    const { clock, matching } = this.#options;
    if (!matching.learning.enabled) return null;
    if (clock.elapsed() - this.#readAt >= freshMs) {
      const reading = this.#read();
      if (!this.#learned) await reading;
    }
    return this.#learned;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { store, matching, clock, logger, inner } = this.#options;
    if (!matching.learning.enabled) return;
    this.#readAt = clock.elapsed();
    try {
      const observations = await store.matching.observations(maxObservations);
      this.#learned = learnWeights(matching.weights, observations, {
        scorer: inner.kind,
        now: clock.now(),
      });
    } catch (error) {
      logger.warn(
        { reason: reasonOf(error) },
        'the feedback on matches cannot be read; the weights known so far decide',
      );
    }
  }
}

/** The match with another score; its reasons are still written when they are first read. */
function withScore(match: RankedMatch, score: number): RankedMatch {
  const { character, facets } = match;
  return {
    character,
    score,
    ...(facets && { facets }),
    get reasons() {
      return match.reasons;
    },
  };
}
