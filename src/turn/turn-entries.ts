import type { TurnId } from '../ids.js';
import type { InboundMessage, TranscriptEntry } from '../state/session.js';
import type { TurnTrace } from '../state/trace.js';

/** What was said in a turn, in the order a person reads it. */
export interface Said {
  readonly turnId: TurnId;
  readonly speakerName: string;
  readonly at: number;
  /** Notices before the reply: control codes, disclosure. */
  readonly before?: readonly string[];
  readonly thoughts?: readonly string[];
  readonly reply?: { readonly text: string; readonly status: TranscriptEntry['status'] };
  /** Notices after the reply: an offer, an apology. */
  readonly after?: readonly string[];
  readonly trace?: TurnTrace;
}

/** The lines people wrote; a regenerate wrote none. */
export function seekerEntries(messages: readonly InboundMessage[], turnId: TurnId): TranscriptEntry[] {
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
export function spokenEntries({ turnId, speakerName, at, trace, ...said }: Said): TranscriptEntry[] {
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
    ...(said.after ?? []).map(notice),
  ];
  return lines.map((entry, index) => ({ id: `${turnId}:${index}`, ...entry }));
}
