import { type SessionId, sessionId, type TurnId } from '../src/ids.js';
import type { OutboxSegment } from '../src/state/store.js';

/** The session a turn belongs to: the part of `<session id>#<n>` before the last `#`. */
export function sessionOf(turn: TurnId): SessionId {
  const cut = turn.lastIndexOf('#');
  return sessionId(cut < 0 ? turn : turn.slice(0, cut));
}

/** Orders the segments of one session by turn (numerically), then by segment. */
export function byTurnAndSegment(a: OutboxSegment, b: OutboxSegment): number {
  return numberOf(a.turnId) - numberOf(b.turnId) || a.segment - b.segment;
}

function numberOf(turn: TurnId): number {
  const n = Number(turn.slice(turn.lastIndexOf('#') + 1));
  return Number.isNaN(n) ? 0 : n;
}
