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
  /** When they said how old they are, ms since the epoch. */
  readonly ageAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** A paused person is not answered and nothing of theirs is recorded until they resume. */
  readonly paused: boolean;
}

/** A long-term fact about a person that they asked to be remembered. */
export interface UserMemory {
  readonly id: string;
  readonly personId: PersonId;
  readonly text: string;
  readonly at: number;
  readonly sessionId?: SessionId;
  /** In every prompt, whatever the budget. */
  readonly pinned?: true;
}
