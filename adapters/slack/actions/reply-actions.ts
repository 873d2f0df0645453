import { type SessionId, sessionId, type TurnId } from '../../../src/ids.js';

/**
 * The buttons under a reply. What a button needs is in its value, so it works after a restart. A turn's id names its
 * session (`<session>#<n>`).
 */
export const replyActions = {
  stop: 'rapport_stop',
  regenerate: 'rapport_regenerate',
  feedback: 'rapport_feedback',
} as const;

/** `block_id` of the buttons: holds the nonce, by which a message whose receipt was lost is found again. */
export const replyBlockId = (nonce: string): string => `rapport:${nonce}`;

/** The nonce of a block id, or null. */
export function nonceOfBlock(blockId: string): string | null {
  return /^rapport:([0-9a-z]{1,25})$/.exec(blockId)?.[1] ?? null;
}

/** What a person thinks of a reply. */
export type Feedback = 'up' | 'down';

/** Value of a feedback button. */
export const feedbackValue = (feedback: Feedback, turn: TurnId): string => `${feedback}|${turn}`;

/** Reads {@link feedbackValue}; null for anything else. */
export function readFeedback(value: string): { readonly feedback: Feedback; readonly turn: TurnId } | null {
  const [, feedback, turn] = /^(up|down)\|(.+)$/s.exec(value) ?? [];
  const found = turn === undefined ? null : readTurn(turn);
  return found && (feedback === 'up' || feedback === 'down') ? { feedback, turn: found.turn } : null;
}

/** Value of stop and regenerate: the turn's id. Null for anything that is none. */
export function readTurn(value: string): { readonly turn: TurnId; readonly session: SessionId } | null {
  const [, session] = /^(slack:[\w.:-]{1,200})#\d{1,9}$/.exec(value) ?? [];
  return session === undefined ? null : { turn: value as TurnId, session: sessionId(session) };
}
