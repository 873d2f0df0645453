import type { CareWords } from '../../config/care-words.js';
import type { RiskKind } from '../state/risk.js';
import type { SessionState } from '../state/session.js';
import { afterAlarm, afterDistress, afterReply, calmMs, calmTurns } from './aftermath.js';
import { type ContextTurn, riskKinds } from './risk-judge.js';

/**
 * What answers and offers leave behind that stand word for word in lines which a client keeps (`/v1`). Nothing
 * tells their time, so turns alone count.
 */
export function recallCare(
  lines: readonly ContextTurn[],
  languages: readonly CareWords[],
  now: number,
): SessionState['care'] {
  let care: SessionState['care'];
  for (const { by, text } of lines) {
    if (by === 'person') continue;
    const kind = answeredKind(text, languages);
    if (kind) care = afterAlarm(care, { grade: 'ideation', kind }, now);
    else if (languages.some(({ offer }) => text.includes(offer.split('{line}')[0] ?? offer)))
      care = { ...afterDistress(care, 'suicide', now), shownAt: now };
    else care = afterReply(care, null, now);
  }
  return care && care.turns >= calmTurns ? { ...care, at: now - calmMs } : care;
}

/** What a line answers, where it is a care answer; null for any other. */
function answeredKind(text: string, languages: readonly CareWords[]): RiskKind | null {
  const said = languages.find(({ ai }) => text.includes(ai));
  if (!said) return null;
  return riskKinds.find((kind) => said.heard[kind].some((heard) => text.includes(heard))) ?? 'suicide';
}
