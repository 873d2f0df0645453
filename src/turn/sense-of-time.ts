import { zoneOfCountry } from '../care/time-zones.js';
import { dayOf, gapSince, isRelative, todayIn } from '../memory/said-when.js';
import type { TurnInput } from './turn.js';

/** What a reply is told of the time. */
interface SenseOfTime {
  /** What day it is for the person. */
  readonly today: string;
  /** How long ago they last wrote here, in words, where that is some hours; in a shared conversation, how long ago anybody wrote. */
  readonly lastWrote: string | undefined;
  /** The day a fact was told, where it speaks of days as they were then and that was another day. */
  told(fact: { readonly text: string; readonly at?: number | undefined }): string | undefined;
}

/** @param now ms since the epoch. */
export function senseOfTime(
  {
    messages,
    session,
    profile,
    transcript,
  }: Pick<TurnInput, 'messages' | 'session' | 'profile' | 'transcript'>,
  now: number,
): SenseOfTime {
  const last = messages.at(-1) ?? messages[0];
  const shared = last.shared || session?.shared === true;
  // Where others read along, it is nobody's time in particular.
  const zone = shared
    ? undefined
    : (last.timeZone ?? zoneOfCountry(profile?.persona.country ?? last.country, now));
  const before = transcript.findLast(({ role, personId }) =>
    shared ? role !== 'notice' : role === 'seeker' && (personId ?? last.personId) === last.personId,
  );
  return {
    today: todayIn(now, zone),
    lastWrote: gapSince(before?.at, now),
    told: ({ text, at }) => {
      if (at === undefined || !isRelative(text)) return undefined;
      const day = dayOf(at, zone);
      return day === dayOf(now, zone) ? undefined : day;
    },
  };
}
