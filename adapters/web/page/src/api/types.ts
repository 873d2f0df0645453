import type { TurnTrace } from '../../../../../src/state/trace.js';

export type { Json, StageTrace, TurnTrace } from '../../../../../src/state/trace.js';

/** Who the person says they are; everything is optional. */
export interface Persona {
  readonly name?: string;
  readonly facts: readonly string[];
  readonly mbti?: string;
  readonly worry?: string;
  /** Two letters; '' takes it back. */
  readonly country?: string;
  /** Years; '' takes them back. */
  readonly age?: number | string;
}

/** The care protocol in plain words. */
export interface Safety {
  readonly title: string;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
}

export interface Country {
  readonly code: string;
  readonly name: string;
}

/** What the page shows of a character. */
export interface CharacterCard {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly mbti?: string;
  readonly kind: string;
  readonly age?: string;
  readonly job?: string;
  readonly region?: string;
  readonly personality?: string;
  readonly tags: readonly string[];
  readonly helpsWith: string;
  readonly avatar: string;
  readonly greeting: string;
}

/** A page of the gallery. */
export interface CharacterPage {
  readonly total: number;
  readonly characters: readonly CharacterCard[];
  /** Tags of all characters, most frequent first; with the first page only. */
  readonly tags?: readonly string[];
}

export interface CharacterDetail extends CharacterCard {
  readonly aspects: readonly string[];
  readonly licence: string;
  readonly profile: readonly string[];
  /** Everything it may begin with, its own greeting first. */
  readonly greetings?: readonly string[];
  /** What its creator tells of it. */
  readonly notes?: string;
  /** Whether it is the person's alone. */
  readonly own?: boolean;
}

export interface MatchReason {
  readonly facet: string;
  /** In [0, 1]; comparable within one ranking only. */
  readonly score: number;
  readonly text: string;
}

export interface Match {
  readonly character: CharacterCard;
  readonly score: number;
  readonly reasons: readonly MatchReason[];
}

export interface Hello {
  readonly name: string;
  readonly version: string;
  readonly model: { readonly name: string; readonly demo: boolean; readonly format?: string };
  /** One sentence saying that an AI is speaking. */
  readonly disclosure: string;
  readonly characters: number;
  /** Whether people may bring characters of their own. */
  readonly imports?: boolean;
  readonly person: { readonly paused: boolean; readonly persona: Persona };
}

export interface Goal {
  readonly goal: string;
  readonly label: string;
}

export interface Steering {
  readonly sticky: string | null;
  readonly queue: readonly string[];
}

export interface Session {
  readonly id: string;
  readonly title: string;
  readonly character: CharacterCard;
  readonly matchReasons: readonly MatchReason[];
  readonly steering: Steering;
  readonly offer: CharacterCard | null;
  readonly model: { readonly name: string; readonly demo: boolean };
}

export interface SessionSummary {
  readonly id: string;
  readonly title: string;
  /** ms since the epoch. */
  readonly updatedAt: number;
  readonly turnCount: number;
  readonly character: CharacterCard;
}

/** One committed line of a conversation. */
export interface Entry {
  readonly id: string;
  readonly turnId: string;
  readonly role: 'seeker' | 'supporter' | 'notice';
  readonly speakerName: string;
  readonly text: string;
  readonly action: 'speaking' | 'thinking';
  readonly at: number;
  readonly status: 'complete' | 'interrupted' | 'stopped';
  readonly feedback?: 'up' | 'down' | null;
  readonly hasTrace: boolean;
}

export interface SessionPage {
  readonly session: Session;
  readonly entries: readonly Entry[];
  readonly before: number | null;
  /** What the person wrote that is recorded and not answered yet, oldest first. */
  readonly waiting: readonly WaitingMessage[];
  readonly answering: boolean;
}

/** A recorded message that waits for its answer. */
export interface WaitingMessage {
  readonly id: string;
  readonly text: string;
  readonly at: number;
}

/** A message while it is being delivered; the same `messageId` replaces the text. */
export interface LiveMessage {
  readonly turnId: string;
  readonly messageId: string;
  readonly kind: 'reply' | 'notice';
  /** The whole text so far. */
  readonly text: string;
  readonly final: boolean;
  readonly speaker: { readonly name: string; readonly avatar?: string };
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** What the event stream of a session carries, by event name. */
export interface SessionEvents {
  readonly turn: {
    readonly turnId: string;
    readonly state: 'started' | 'finished';
    readonly error?: Problem;
  };
  readonly message: LiveMessage;
  /** `removed`: ids of lines that a regenerated reply took the place of. */
  readonly entries: { readonly entries: readonly Entry[]; readonly removed?: readonly string[] };
  readonly session: { readonly session: Session };
  readonly waiting: { readonly waiting: readonly WaitingMessage[] };
}

export interface Memory {
  readonly id: string;
  readonly text: string;
  readonly at: number;
  readonly pinned?: true;
  /** A newer one has taken its place. */
  readonly earlier?: true;
  /** Read in a conversation, not asked for. */
  readonly read?: true;
  /** The line a fact that waits was read in, where it says it in other words. */
  readonly line?: string;
}

/** Whether facts are read out of what the person tells, and which wait for their word. */
export interface Remembering {
  readonly offered: boolean;
  readonly mode: 'off' | 'ask' | 'on';
  readonly waiting: readonly Memory[];
}

export type Trace = TurnTrace;
