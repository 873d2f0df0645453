import type { PersonId, SessionId } from '../ids.js';
import type { Facets } from './facets.js';

/**
 * What one conversation tells about one match: what the match consisted of, and how it went. It holds no word of what was
 * said. Kept by person, so that it is exported and erased with them.
 */
export interface MatchObservation {
  readonly personId: PersonId;
  readonly sessionId: SessionId;
  readonly characterId: string;
  /** When the conversation began with this character, ms since the epoch. */
  readonly at: number;
  /** What measured the facets ({@link PersonaScorer.kind}): those of one kind are not comparable with another's. */
  readonly scorer: string;
  readonly facets: Facets;
  /** 👍 and 👎 by the entry they were given to. */
  readonly votes: Readonly<Record<string, 'up' | 'down'>>;
  /** The person's mood when the conversation began and last, 0–5 (CharacterChat's scale). */
  readonly mood?: { readonly first: number; readonly last: number };
  /** The conversation went on for {@link continuedTurns} turns. */
  readonly continued: boolean;
}

/** From so many turns on a conversation counts as one that was gone on with. */
export const continuedTurns = 8;
/** A conversation that has not got so far after this long was not gone on with, ms: seven days. */
export const settledAfterMs = 7 * 24 * 3_600_000;

/** How much each signal counts beside a rating. */
const moodWeight = 1;
const continuedWeight = 0.5;
/** Ratings in one conversation are alike: more than so many count no further. */
const maxVotes = 3;
/** A mood that rises (or falls) by so much is the best (or worst) there is. */
const greatestGain = 2.5;

export interface Reward {
  /** In [0, 1]. */
  readonly value: number;
  /** How many ratings it is worth. */
  readonly weight: number;
  /** Ratings and moods in it: what the least number for learning is counted in. */
  readonly ratings: number;
}

/** How good a match was, from all that is known of it at `now`; null while nothing is. */
export function rewardOf(observation: MatchObservation, now: number): Reward | null {
  const { votes, mood, continued, at } = observation;
  const given = Object.values(votes);
  const signals: { readonly value: number; readonly weight: number }[] = [];
  if (given.length > 0) {
    const up = given.filter((vote) => vote === 'up').length;
    signals.push({ value: up / given.length, weight: Math.min(maxVotes, given.length) });
  }
  if (mood)
    signals.push({
      value: Math.min(1, Math.max(0, 0.5 + (mood.last - mood.first) / (2 * greatestGain))),
      weight: moodWeight,
    });
  if (continued || now - at >= settledAfterMs)
    signals.push({ value: continued ? 1 : 0, weight: continuedWeight });
  const weight = signals.reduce((sum, signal) => sum + signal.weight, 0);
  if (weight === 0) return null;
  const value = signals.reduce((sum, signal) => sum + signal.weight * signal.value, 0) / weight;
  return { value, weight, ratings: given.length + (mood ? 1 : 0) };
}
