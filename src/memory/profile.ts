import type { Lorebook } from '../../characters/lorebook.js';
import type { PersonId, SessionId } from '../ids.js';

/** Who a person says they are. Everything is optional: who filled in nothing is matched on what they write. */
export interface SeekerPersona {
  readonly name?: string;
  /** Short statements, first person as typed: "I work nights in a bakery". */
  readonly facts: readonly string[];
  readonly mbti?: string;
  /** Two letters (ISO 3166), for the helplines of where they are. */
  readonly country?: string;
  /** How old they said they are, years; `ageAt` of the profile says when. */
  readonly age?: number;
  /** What is on their mind. */
  readonly worry?: string;
}

export interface Profile {
  readonly personId: PersonId;
  readonly persona: SeekerPersona;
  /** When a fact of the form was first written into it, ms since the epoch; those of older forms have no time. */
  readonly factsAt?: Readonly<Record<string, number>>;
  /** When they said how old they are, ms since the epoch. */
  readonly ageAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** What they want told in their private conversations where it is spoken of. */
  readonly lorebook?: Lorebook;
  /** A paused person is not answered and nothing of theirs is recorded until they resume. */
  readonly paused: boolean;
  /** Whether what they tell is remembered by itself; not where it is left out. */
  readonly remembering?: Remembering;
}

/** The profile of somebody who has said nothing yet. @param now ms since the epoch */
export function freshProfile(personId: PersonId, now: number): Profile {
  return { personId, persona: { facts: [] }, paused: false, createdAt: now, updatedAt: now };
}

/** Facts are read out of a person's private conversations: `ask` shows them first, `on` counts them at once. */
export interface Remembering {
  readonly mode: 'ask' | 'on';
  /** Nothing that was said before is read, ms since the epoch. */
  readonly since: number;
}

/** A long-term fact about a person: one that they asked to be remembered, or one that was read in what they said. */
export interface UserMemory {
  readonly id: string;
  readonly personId: PersonId;
  readonly text: string;
  readonly at: number;
  readonly sessionId?: SessionId;
  /** In every prompt, whatever the budget. */
  readonly pinned?: true;
  /** Where it was read in a conversation (`sessionId`); absent where the person asked for it. */
  readonly source?: FactSource;
}

/** The line a fact was read in. */
export interface FactSource {
  /** Id of the line in the transcript. */
  readonly entry: string;
  /** `model`, or `rules`. */
  readonly by: string;
  /** The person has not said yet that it is to be kept: it goes with the conversation. `proposed`: it does not count either. */
  readonly open?: 'proposed' | 'counts';
}
