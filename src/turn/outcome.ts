import type { RapportError } from '../../config/errors.js';
import type { Say } from '../../config/locale.js';
import { noSteering } from '../guidance/steering-state.js';
import type { TurnId } from '../ids.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../state/session.js';
import type { TurnTrace } from '../state/trace.js';
import type { TurnOutcome, TurnStart } from './turn.js';

/** What was said in a turn, in the order a person reads it. */
export interface Said {
  readonly speakerName?: string;
  /** Notices before the reply: control codes, disclosure. */
  readonly before?: readonly string[];
  readonly thoughts?: readonly string[];
  readonly reply?: { readonly text: string; readonly status: TranscriptEntry['status'] };
  /** Notices after the reply: an offer, an apology. */
  readonly after?: readonly string[];
  /** Kept with the reply; where the character's words were withheld, with what the platform said in their place. */
  readonly trace?: TurnTrace;
}

/** How a turn ended. */
export interface Ending {
  readonly kind: TurnOutcome['kind'];
  /** The session the turn began with. */
  readonly session: SessionState;
  /** What the turn changes of it, beside its count. */
  readonly change?: Partial<SessionState>;
  readonly said: Said;
  /** Nobody has read what was said. */
  readonly unread?: boolean;
  /** Entries that are replaced. */
  readonly removed?: readonly string[];
  readonly error?: RapportError | undefined;
}

/** The one way a turn ends: what is committed of it. @param at ms since the epoch. */
export function endTurn(
  { turnId, messages }: Pick<TurnStart, 'turnId' | 'messages'>,
  { kind, session, change, said, unread = false, removed = [], error }: Ending,
  at: number,
): TurnOutcome {
  const spoken = spokenEntries(turnId, said, at);
  return {
    kind,
    session: { ...session, turnCount: session.turnCount + 1, updatedAt: at, ...change },
    entries: [
      ...seekerEntries(messages, turnId),
      ...(unread ? spoken.map((entry) => ({ ...entry, undelivered: true as const })) : spoken),
    ],
    removed,
    ...(error && { error }),
  };
}

/** The session a turn starts from: the stored one, or a new one that has no character yet (`characterId` empty). */
export function sessionWithout(
  { session, messages: [first] }: Pick<TurnStart, 'session' | 'messages'>,
  at: number,
  say: Say,
): SessionState {
  return (
    session ?? {
      id: first.sessionId,
      platform: first.address.platform,
      ownerId: first.personId,
      shared: first.shared,
      characterId: '',
      matchReasons: [],
      title: say('session.title', { name: 'Rapport' }),
      createdAt: at,
      updatedAt: at,
      turnCount: 0,
      steering: noSteering,
      recentAspects: [],
      recentStrategies: [],
      disclosed: false,
      address: first.address,
    }
  );
}

/** The lines people wrote; a regenerate wrote none. */
function seekerEntries(messages: readonly InboundMessage[], turnId: TurnId): TranscriptEntry[] {
  return messages
    .filter(({ kind }) => kind === 'message')
    .map(({ id, personId, speakerName, text, at }) => ({
      id,
      turnId,
      role: 'seeker',
      personId,
      speakerName,
      text,
      action: 'speaking',
      at,
      status: 'complete',
    }));
}

/** The lines the platform and the character said; ids are `<turn id>:<n>`, the same when the turn is run again. */
function spokenEntries(
  turnId: TurnId,
  { speakerName = '', trace, ...said }: Said,
  at: number,
): TranscriptEntry[] {
  const line = { turnId, speakerName, at, status: 'complete' as const, action: 'speaking' as const };
  const notice = (text: string): Omit<TranscriptEntry, 'id'> => ({ ...line, role: 'notice', text });
  const lines: Omit<TranscriptEntry, 'id'>[] = [
    ...(said.before ?? []).map(notice),
    ...(said.thoughts ?? []).map((text) => ({
      ...line,
      role: 'supporter' as const,
      action: 'thinking' as const,
      text,
    })),
    ...(said.reply ? [{ ...line, role: 'supporter' as const, ...said.reply, ...(trace && { trace }) }] : []),
    ...(said.after ?? []).map((text) => ({ ...notice(text), ...(!said.reply && trace && { trace }) })),
  ];
  return lines.map((entry, index) => ({ id: `${turnId}:${index}`, ...entry }));
}
