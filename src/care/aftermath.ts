import type { RiskKind } from '../state/risk.js';
import type { SessionState } from '../state/session.js';
import { isDanger, type Judgement } from './risk-judge.js';

type CareState = NonNullable<SessionState['care']>;

/** So many calm turns running, and so long after the last that was not, an alarm has eased. */
export const calmTurns = 4;
export const calmMs = 10 * 60_000;
/** After so long it is over in any case: whoever comes back another day begins anew. */
const longestMs = 24 * 3_600_000;
/** Whoever is low is offered a helpline once in so long. */
const offerEveryMs = 7 * 24 * 3_600_000;

/**
 * Whether an alarm still sets the tone. It has eased after {@link calmTurns} calm turns running, {@link calmMs} after the last
 * that was not at least, and in any case a day after that one. A turn is calm where the judge finds neither danger nor distress.
 * @param now ms since the epoch.
 */
export function isAftermath(care: SessionState['care'], now: number): boolean {
  if (!care || !isDanger(care) || now - care.at >= longestMs) return false;
  return care.turns < calmTurns || now - care.at < calmMs;
}

/** After an answer to somebody in danger. */
export function afterAlarm(
  before: SessionState['care'],
  { grade, kind }: Pick<CareState, 'grade' | 'kind'>,
  now: number,
): CareState {
  return { grade, kind, at: now, turns: 0, answers: (before?.answers ?? 0) + 1, shownAt: now };
}

/**
 * After a turn in which the character spoke. Distress keeps an alarm from easing; without one it is all that is remembered.
 * @param low what the distress was about; null after a calm turn.
 */
export function afterReply(
  before: SessionState['care'],
  low: RiskKind | null,
  now: number,
): SessionState['care'] {
  return low === null ? before && { ...before, turns: before.turns + 1 } : afterDistress(before, low, now);
}

/** After a turn of somebody who is low. */
export function afterDistress(before: SessionState['care'], kind: RiskKind, now: number): CareState {
  if (before && isAftermath(before, now)) return { ...before, at: now, turns: 0 };
  return { answers: 0, ...before, grade: 'distress', kind, at: now, turns: 0 };
}

/** Whether a helpline may be offered to somebody who is low: not where one was shown within the week. */
export function mayOffer(before: SessionState['care'], now: number): boolean {
  return before?.shownAt === undefined || now - before.shownAt >= offerEveryMs;
}

/** What somebody's distress is about; null where they are calm or in danger. */
export function lowKind(judged: Judgement): RiskKind | null {
  return judged.grade === 'distress' ? (judged.kind ?? 'suicide') : null;
}
