import type { Character } from '../../characters/schema.js';
import type { RapportError } from '../../config/errors.js';
import type { PlatformAdapter } from '../delivery/adapter.js';
import type { DeliveryNotes } from '../delivery/delivery-options.js';
import type { RateBuckets } from '../delivery/rate-bucket.js';
import type { TurnId } from '../ids.js';
import type { Profile, UserMemory } from '../memory/profile.js';
import type { ModelRoute, RankHints } from '../prompting/chat-model.js';
import type { PromptFormat } from '../prompting/prompt-format.js';
import type { PromptInput } from '../prompting/prompt-input.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../state/session.js';
import type { Lease, OutboxSegment } from '../state/store.js';
import type { TurnServices } from './turn-services.js';

/** The messages one turn answers, oldest first. */
export type Batch = readonly [InboundMessage, ...InboundMessage[]];

/** What a turn starts from: the messages it answers and what is stored. */
export interface TurnStart {
  readonly turnId: TurnId;
  readonly messages: Batch;
  /** Null on the very first turn of a session nobody created beforehand. */
  readonly session: SessionState | null;
  /** The recent transcript, oldest first, without the messages to answer. */
  readonly transcript: readonly TranscriptEntry[];
  /** The lines that are answered anew (regenerate); null where the messages themselves are answered. */
  readonly asked: readonly TranscriptEntry[] | null;
  /** Entries of the reply that is to be replaced (regenerate). */
  readonly replaced: readonly TranscriptEntry[];
  /** Null and empty in shared sessions: personal data is not recalled there. */
  readonly profile: Profile | null;
  readonly userMemories: readonly UserMemory[];
  /** Whether one of those who wrote has said that they are under 18. */
  readonly minor: boolean;
  /** Null where a turn is only put on record: nothing is stored beside it. */
  readonly lease: Lease | null;
}

/** Something a person wrote, for the prompt. */
export interface SpokenLine {
  readonly speakerName: string;
  readonly text: string;
}

/** A turn once its control codes are read: the session is as they left it. */
export interface TurnInput extends TurnStart {
  /** What there is to answer, without control codes, with who wrote it. */
  readonly lines: readonly SpokenLine[];
  /** The lines joined by line breaks; empty when everything was a control code. */
  readonly text: string;
}

/** What is needed to let a character speak. */
export interface ReplyPlan {
  readonly character: Character;
  readonly route: ModelRoute;
  readonly format: PromptFormat;
  readonly input: PromptInput;
  readonly rank: RankHints;
  /** The character's words end before any of these, as the calling program wishes. */
  readonly stop?: readonly string[] | undefined;
}

/** What the stages before the model decided for a turn of a session. */
export interface TurnPlan extends ReplyPlan {
  /** A better match, to be offered after the reply. */
  readonly offer: { readonly character: Character; readonly reason: string } | null;
  /** Where somebody listens, said by the platform after the reply to somebody who is low; null where it is not due. */
  readonly helpline: string | null;
  /** Said before the reply at first contact; empty once said. */
  readonly preface: string;
  /** The session as the turn found it, with its character. */
  readonly opened: SessionState;
  /** What the turn changes of it in any case, and what only a reply uses up. */
  readonly change: Partial<SessionState>;
  readonly spent: Partial<SessionState>;
}

/** What the parts of a turn share beside its input. */
export interface TurnWork {
  readonly services: TurnServices;
  readonly adapter: PlatformAdapter;
  readonly buckets: RateBuckets;
  readonly lease: Lease;
  readonly notes: DeliveryNotes;
  /** The stop button. */
  readonly stop: AbortSignal;
  /** Lease lost or shutdown: leave everything for the next holder. */
  readonly abandon: AbortSignal;
  /** Messages a crashed run of this turn has posted. */
  readonly resume: readonly OutboxSegment[];
}

/** What a turn came to; committed by the runner. */
export interface TurnOutcome {
  readonly kind: 'reply' | 'notice' | 'failed' | 'stopped' | 'interrupted' | 'resumed' | 'undelivered';
  readonly session: SessionState;
  readonly entries: readonly TranscriptEntry[];
  /** Entries that a regenerated reply replaces. */
  readonly removed: readonly string[];
  /** What went wrong, when the person had to be told or could not be reached. */
  readonly error?: RapportError;
}
