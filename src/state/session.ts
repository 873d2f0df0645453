import type { Sampling } from '../../config/prompt-format.js';
import type { SteeringState } from '../guidance/steering-state.js';
import type { MessageId, PersonId, SessionId, TurnId } from '../ids.js';
import type { MatchReason } from '../matching/persona-scorer.js';
import type { PlatformName, ReplyAddress } from './address.js';
import type { CareAnswer, Grade, RiskKind } from './risk.js';
import type { TurnTrace } from './trace.js';

/**
 * What a calling program wants of one reply, in the names of the OpenAI API. It holds within what the operator allows, and for
 * the character's words only: nothing that care says is cut.
 */
export interface ReplyWishes
  extends Pick<
    Sampling,
    'temperature' | 'top_p' | 'max_tokens' | 'seed' | 'presence_penalty' | 'frequency_penalty'
  > {
  /** Strings before which the character's words end. */
  readonly stop?: readonly string[] | undefined;
  /** What has been said of the reply already: it goes on from there. */
  readonly begun?: string | undefined;
}

/** What a person does in a session, as an adapter hands it to the core. */
export interface InboundMessage {
  /** `message`: text to answer. `regenerate`: answer the last message anew. */
  readonly kind: 'message' | 'regenerate';
  readonly id: MessageId;
  readonly sessionId: SessionId;
  readonly personId: PersonId;
  /** How the person is called on the platform; shown in shared sessions. */
  readonly speakerName: string;
  readonly text: string;
  /** ms since the epoch, as the platform stamped it. */
  readonly at: number;
  /** Where the reply goes. */
  readonly address: ReplyAddress;
  /** True where several people write in the session (a thread): personal memories are never recalled there. */
  readonly shared: boolean;
  /** Judged on receipt: the writer is in danger, and this is what the platform says to them. */
  readonly care?: CareAnswer & { readonly at: number; readonly direct: boolean };
  /** The community whose rules hold where it was written, null in private; absent on platforms that have none. */
  readonly community?: string | null;
  /** Where the writer probably is (ISO 3166, two letters), as far as the platform tells: for helplines. */
  readonly country?: string;
  /** The writer's time zone (IANA's name), where the platform tells it. */
  readonly timeZone?: string;
  /** The character asked for, where the person chose one; otherwise the matcher chooses. */
  readonly characterId?: string;
  /** How it is to be answered, where a program asks. */
  readonly wishes?: ReplyWishes;
}

/** What was said before the lines that a prompt holds, in short. */
export interface TalkSummary {
  readonly text: string;
  /** `model`, or `rules`: then a line each of the person's own. */
  readonly by: string;
  /** The time of the first line and of the last line in it, ms since the epoch. */
  readonly from: number;
  readonly until: number;
}

/** State of a session between turns. Everything a turn needs that is not in the transcript. */
export interface SessionState {
  readonly id: SessionId;
  readonly platform: PlatformName;
  /** The person it belongs to (the starter, where shared). */
  readonly ownerId: PersonId;
  readonly shared: boolean;
  readonly characterId: string;
  /** Why this character: the matcher's facets, or that the person chose. */
  readonly matchReasons: readonly MatchReason[];
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Turns committed so far; the next turn is `turnId(id, turnCount + 1)`. */
  readonly turnCount: number;
  readonly steering: SteeringState;
  /** MIRACLE aspect values that the person asked for, before the character's own. */
  readonly style?: Readonly<Record<string, string>>;
  /** Aspects of the memories used in the last turns, newest last (CharacterChat's anti-repetition window). */
  readonly recentAspects: readonly string[];
  /** Strategies of the bot's last turns, newest last. */
  readonly recentStrategies: readonly string[];
  /** Whether the person has been told that they talk to an AI. */
  readonly disclosed: boolean;
  /** When they were last told, ms since the epoch; at the beginning where it is not set. */
  readonly disclosedAt?: number;
  /** A clearly better match that was offered and not answered yet. */
  readonly offeredCharacterId?: string;
  readonly address: ReplyAddress;
  /** The last danger or distress in it, and how many turns ago (0: the last one); `answers` counts the care answers given. `src/care/aftermath.ts` has the rules. */
  readonly care?: {
    readonly grade: Grade;
    readonly kind: RiskKind;
    readonly at: number;
    readonly turns: number;
    readonly answers: number;
    /** When helplines were last shown in it, by an answer or by an offer; ms since the epoch. */
    readonly shownAt?: number;
  };
  /** Lines up to this time were read for facts, ms since the epoch. */
  readonly factsRead?: number;
  /** What left the window of a private conversation. */
  readonly summary?: TalkSummary;
  /** Ids of lines that told a fact which the person has forgotten: they come back in no reply. */
  readonly forgotten?: readonly string[];
  /** Removed after its reply (an API call that brings its own history). */
  readonly ephemeral?: boolean;
}

/** One line of a transcript. */
export interface TranscriptEntry {
  /** Unique in the session: the message id of a seeker line; `<turn id>:<n>` of a supporter line. */
  readonly id: string;
  readonly turnId: TurnId;
  readonly role: 'seeker' | 'supporter' | 'notice';
  readonly personId?: PersonId;
  readonly speakerName: string;
  readonly text: string;
  /** Character-LLM distinguishes speech from thought. */
  readonly action: 'speaking' | 'thinking';
  readonly at: number;
  /** `interrupted`: the stream died or was stopped; the text is what had arrived. */
  readonly status: 'complete' | 'interrupted' | 'stopped';
  /** How the reply came about; on supporter lines, and on what the platform said in place of one it withheld. */
  readonly trace?: TurnTrace;
  readonly feedback?: 'up' | 'down';
  /** The platform refused it for good (the channel is gone, the bot was removed): nobody has read it, and no prompt holds it. */
  readonly undelivered?: true;
}
