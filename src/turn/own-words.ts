import type { SteeringTable } from '../../config/steering.js';
import type { TurnId } from '../ids.js';
import { askedToRemember } from '../memory/asks-to-remember.js';
import type { TranscriptEntry } from '../state/session.js';
import { withoutControls } from './stages/controls.js';
import { isCalm } from './trace.js';

/** The turns that a character answered and whose trace says that nobody was in danger or low; without a trace nobody can say so. */
export function calmTurns(entries: readonly TranscriptEntry[]): ReadonlySet<TurnId> {
  return new Set(
    entries.flatMap(({ role, turnId, undelivered, trace }) =>
      role === 'supporter' && !undelivered && trace && isCalm(trace) ? [turnId] : [],
    ),
  );
}

/** What a line of a person tells by itself: no control code, and nothing that they asked to be remembered, which is a fact and goes when it is forgotten. */
export function ownWords(text: string, steering: SteeringTable): string {
  const said = withoutControls(text, steering).trim();
  return said === '' || askedToRemember(said) !== null ? '' : said;
}
