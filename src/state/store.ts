import type { MessageId, PersonId, SessionId, TurnId } from '../ids.js';
import type { MatchObservation } from '../matching/match-observation.js';
import type { Profile, UserMemory } from '../memory/profile.js';
import type { Receipt, ReplyAddress } from './address.js';
import type { InboundMessage, SessionState, TalkSummary, TranscriptEntry } from './session.js';

/** The right to run turns of one session. `fence` grows with every holder; a write with an older fence is refused. */
export interface Lease {
  readonly sessionId: SessionId;
  readonly holder: string;
  readonly fence: number;
}

/** One message of a reply on its way to a platform: intent → receipt → settled. */
export interface OutboxSegment {
  readonly turnId: TurnId;
  /** 0-based order in the reply. */
  readonly segment: number;
  readonly sessionId: SessionId;
  readonly kind: 'reply' | 'notice';
  readonly address: ReplyAddress;
  /** Given to the platform with the post; the same after a crash. */
  readonly nonce: string;
  /** The text as last written down; whole and exact when `final`. */
  readonly text: string;
  /** The model has finished and `text` is what the person is to see. */
  readonly final: boolean;
  /** The messages this reply answers. */
  readonly covers: readonly MessageId[];
  /** Set once the platform has accepted the post. */
  readonly receipt: Receipt | null;
}

/** Everything a turn changes, applied at once or not at all. */
export interface TurnCommit {
  readonly turnId: TurnId;
  readonly session: SessionState;
  /** Entries to append, oldest first. An entry whose id is there already replaces it in place (regenerate). */
  readonly entries: readonly TranscriptEntry[];
  /** Ids of entries to drop (a regenerated reply that had several messages). */
  readonly removeEntries?: readonly string[];
  /** Inbox messages this turn has answered. */
  readonly consumed: readonly MessageId[];
}

export interface SessionSummary {
  readonly id: SessionId;
  readonly characterId: string;
  readonly title: string;
  readonly updatedAt: number;
  readonly turnCount: number;
}

export interface TranscriptPage {
  /** Oldest first. */
  readonly entries: readonly TranscriptEntry[];
  /** Pass as `before` for the page that lies further back; null at the beginning. */
  readonly before: number | null;
}

/** All that is stored about one person, as plain data. */
export interface PersonExport {
  readonly personId: PersonId;
  readonly exportedAt: number;
  readonly profile: Profile | null;
  readonly memories: readonly UserMemory[];
  /** Facts that were read in their conversations and wait for their word. */
  readonly proposals: readonly UserMemory[];
  readonly sessions: readonly {
    readonly session: SessionState;
    readonly transcript: readonly TranscriptEntry[];
  }[];
  /** In sessions of others: only the person's own lines. */
  readonly sharedLines: readonly TranscriptEntry[];
  /** What their conversations told about their matches, latest first. */
  readonly observations: readonly MatchObservation[];
  /** The person's messages that wait for an answer, in any session. */
  readonly waiting: readonly InboundMessage[];
}

export interface EraseReport {
  readonly sessions: number;
  readonly entries: number;
  readonly memories: number;
}

/** Before what time something is too old to be kept, ms since the epoch; what is not named is kept. */
export interface Expiry {
  readonly lines?: number;
  readonly facts?: number;
  readonly personas?: number;
}

/** How much went. */
export interface Expired {
  readonly sessions: number;
  readonly entries: number;
  readonly memories: number;
  readonly personas: number;
  /** Rows that could not be read, so that nobody knows how old they are: they stay. */
  readonly unreadable: number;
}

/** By what people's words are encrypted. */
export interface EncryptionState {
  /** The id of the key that encrypts. */
  readonly key: string;
  /** Something may still be kept by an older key. */
  readonly older: boolean;
  /** Something may still be kept as it is. */
  readonly plain: boolean;
}

/**
 * Conversation state. Two implementations (embedded, Redis) pass one contract suite.
 * Every method rejects with RapportError RAPPORT_E_STORE_UNAVAILABLE when the backing store cannot be reached.
 * Times are ms since the epoch, durations ms.
 */
export interface Store {
  readonly kind: 'embedded' | 'redis';

  readonly inbox: {
    /** Dedupe (by session and message id, remembered for 24 h, also after the message was answered) and persist in one atomic step. */
    record(message: InboundMessage): Promise<'recorded' | 'duplicate'>;
    /** Messages waiting in a session, in the order of their recording, without taking them: they leave with the commit that answers them. @throws RapportError RAPPORT_E_LEASE_LOST */
    pending(lease: Lease): Promise<InboundMessage[]>;
    /** The same without a lease, for showing what waits. */
    waiting(session: SessionId): Promise<InboundMessage[]>;
    /** How many wait (no lease needed). */
    count(session: SessionId): Promise<number>;
    /** Replaces the text of a message that still waits (its writer edited it). False where it does not; a turn that has read it already answers the old text. */
    amend(session: SessionId, id: MessageId, text: string): Promise<boolean>;
    /** Takes a message that still waits away (its writer deleted it); it is not recorded again. False where it does not wait, or the reply to it is on its way. */
    withdraw(session: SessionId, id: MessageId): Promise<boolean>;
  };

  readonly lease: {
    /** Null while another live holder has it; who has it already gets a new fence. A lease that ran out but that nobody took still holds. */
    acquire(session: SessionId, holder: string, ttlMs: number): Promise<Lease | null>;
    /** False when it was lost. */
    renew(lease: Lease, ttlMs: number): Promise<boolean>;
    /** One atomic step: released only if the inbox is empty. `kept` means messages wait and the lease still holds. `lost`: somebody else has it. */
    releaseIfInboxEmpty(lease: Lease): Promise<'released' | 'kept' | 'lost'>;
    /** Gives it back although messages wait (shutdown, a failing turn that is tried later). */
    release(lease: Lease): Promise<void>;
  };

  readonly sessions: {
    /** Creates a session with its first entries; false if it exists. With a lease it is fenced like `commit`, so that a turn cannot bring back what was erased under it. */
    create(session: SessionState, entries: readonly TranscriptEntry[], lease?: Lease): Promise<boolean>;
    get(id: SessionId): Promise<SessionState | null>;
    /** Applies a turn (the session comes into being where it does not exist yet). Fields that `update` changed while the lease was held keep that change. @throws RapportError RAPPORT_E_LEASE_LOST when the fence is stale; nothing is written then. Settles the turn's outbox in the same step. */
    commit(lease: Lease, turn: TurnCommit): Promise<void>;
    /** Changes fields outside a turn (steering from the page, a taken offer). Last writer wins per field; null when there is no such session. */
    update(
      id: SessionId,
      change: Partial<
        Pick<
          SessionState,
          | 'steering'
          | 'style'
          | 'title'
          | 'characterId'
          | 'matchReasons'
          | 'disclosed'
          | 'address'
          | 'factsRead'
          | 'forgotten'
        >
      > & { readonly offeredCharacterId?: string | null; readonly summary?: TalkSummary | null },
    ): Promise<SessionState | null>;
    /** The person's own sessions, latest first. */
    list(
      person: PersonId,
      page: { readonly limit: number; readonly offset: number },
    ): Promise<SessionSummary[]>;
    /** Removes a session with transcript, inbox and outbox. False if there was none. */
    remove(id: SessionId): Promise<boolean>;
  };

  readonly transcript: {
    /** The last `limit` entries, or those before a cursor. Capped per session at `transcriptCap` entries (oldest go). */
    page(
      session: SessionId,
      options: { readonly limit: number; readonly before?: number },
    ): Promise<TranscriptPage>;
    /** The entries of these ids that are there, in no order. */
    find(session: SessionId, ids: readonly string[]): Promise<TranscriptEntry[]>;
    /** Sets the feedback on a supporter entry. False if there is no such entry. */
    feedback(session: SessionId, entryId: string, feedback: 'up' | 'down' | null): Promise<boolean>;
  };

  readonly outbox: {
    /** Writes (or rewrites) a segment. Fenced like commit. Keeps an already stored receipt. */
    intend(lease: Lease, segment: OutboxSegment): Promise<void>;
    /** Notes that the platform accepted the post. Not fenced: it states a fact. */
    receipt(turn: TurnId, segment: number, receipt: Receipt): Promise<void>;
    /** Unsettled segments of a session, by turn and segment. */
    pending(session: SessionId): Promise<OutboxSegment[]>;
  };

  /** Sessions with a waiting inbox or an unsettled outbox: what a start-up and the sweeper look at. */
  recoverable(): Promise<SessionId[]>;

  readonly people: {
    profile(person: PersonId): Promise<Profile | null>;
    /**
     * Changes a profile in one atomic step; the only way one is written. `change` gets what is kept and returns what is to be
     * kept, or null to write nothing. It only reckons: it is called again where somebody else changed the profile meanwhile.
     * One that was there and is gone meanwhile (the person was erased) stays gone.
     * @returns what was written; null where nothing was.
     */
    changeProfile(
      person: PersonId,
      change: (known: Profile | null) => Profile | null,
    ): Promise<Profile | null>;
    /** What counts as remembered, oldest first. */
    memories(person: PersonId): Promise<UserMemory[]>;
    /** What was read in their conversations and waits for their word (`source.open` is `proposed`), oldest first. No prompt holds it. */
    proposals(person: PersonId): Promise<UserMemory[]>;
    addMemory(memory: UserMemory): Promise<void>;
    /** False if there was none. */
    removeMemory(person: PersonId, id: string): Promise<boolean>;
    /** People of whom something is stored and whose id begins with `prefix` (all of one workspace), at most `limit`, in no order. */
    list(prefix: string, limit: number): Promise<PersonId[]>;
    export(person: PersonId, now: number): Promise<PersonExport>;
    /** Removes the profile, memories, observations of matches, own sessions with everything in them, and the person's lines (inbox included) in sessions of others. Dedupe marks may stay until they expire. */
    erase(person: PersonId): Promise<EraseReport>;
  };

  /** What the matcher learns from: one observation a conversation and character. They go with their person, not with the conversation. */
  readonly matching: {
    observation(person: PersonId, session: SessionId, characterId: string): Promise<MatchObservation | null>;
    /** Writes an observation, in place of an earlier one of the same person, session and character. */
    save(observation: MatchObservation): Promise<void>;
    /** Takes one back: its conversation went while it was written. */
    forget(person: PersonId, session: SessionId, characterId: string): Promise<void>;
    /** Of everybody, latest first, about `limit` at most. */
    observations(limit: number): Promise<MatchObservation[]>;
  };

  /** Conversations that are to be read for facts once they have been quiet for a while; times are ms since the epoch. */
  readonly reading: {
    /** Notes when a conversation was last written in. It goes with the conversation. */
    note(session: SessionId, at: number): Promise<void>;
    /** Those last written in before a time, the one that has been quiet longest first. */
    quiet(before: number, limit: number): Promise<SessionId[]>;
    /** Takes one of these in one atomic step, so that one process reads it; it is found again after `until` where it was not {@link done}. False where somebody else has it or it was written in. */
    take(session: SessionId, before: number, until: number): Promise<boolean>;
    /** What was taken `until` is read; where it was written in meanwhile it stays. */
    done(session: SessionId, until: number): Promise<void>;
  };

  /** Small values by a key: settings of communities, counters, what adapters keep (Discord's gateway session). */
  readonly values: {
    get(key: string): Promise<string | null>;
    set(key: string, value: string, ttlMs?: number): Promise<void>;
    /** Counts up from 0 by `by` (1) in one atomic step and returns the new count; `ttlMs` counts from the first increment on. Only for keys that nothing else is set under. */
    increment(key: string, ttlMs: number, by?: number): Promise<number>;
    remove(key: string): Promise<void>;
  };

  /** Removes what is older: lines, conversations last changed before, observations of them and facts that were read in such lines and never confirmed; facts; personas last changed before. What waits and who has paused stays, and so does a row that cannot be read: it is counted. Once `signal` is aborted it ends between two small steps; what is left is for the next time. */
  expire(before: Expiry, signal?: AbortSignal): Promise<Expired>;

  /** How people's words are kept. */
  readonly encryption: {
    /** Null where they are kept as they are. */
    state(): Promise<EncryptionState | null>;
    /** Writes everything anew that is not kept by the newest key, and returns how many texts that were. Others may use the store meanwhile. @throws RapportError RAPPORT_E_ENCRYPTION_KEY where there is no key */
    renew(): Promise<number>;
  };

  /** For `/readyz` and doctor: is it reachable, does it take writes, and what should an operator know (persistence off, evicting policy). */
  health(): Promise<{ readonly ok: boolean; readonly detail: string; readonly warnings: readonly string[] }>;
  close(): Promise<void>;
}
