import type { TurnId } from '../ids.js';
import type { Profile, UserMemory } from '../memory/profile.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../state/session.js';

/** Something a person wrote, for the prompt. */
export interface SpokenLine {
  readonly speakerName: string;
  readonly text: string;
}

/** What a turn starts from: the messages it answers and what is known. */
export interface TurnInput {
  readonly turnId: TurnId;
  /** Null on the very first turn of a session nobody created beforehand. */
  readonly session: SessionState | null;
  /** The recent transcript, oldest first, without the messages to answer. */
  readonly transcript: readonly TranscriptEntry[];
  /** The messages this turn answers, oldest first; never empty. */
  readonly messages: readonly [InboundMessage, ...InboundMessage[]];
  /** What there is to answer, without control codes, with who wrote it. */
  readonly lines: readonly SpokenLine[];
  /** The lines joined by line breaks; empty when everything was a control code. */
  readonly text: string;
  /** Entries of the reply that is to be replaced (regenerate). */
  readonly replaced: readonly TranscriptEntry[];
  /** Null and empty in shared sessions: personal data is not recalled there. */
  readonly profile: Profile | null;
  readonly userMemories: readonly UserMemory[];
}
