import { fill, words } from '../state/words.js';

/** Clock time of a message, e.g. "14:05". */
export function timeOf(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** Days between the calendar day of `at` and that of `now` (both ms since the epoch). */
function daysAgo(at: number, now: number): number {
  const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** The day of a message: today, yesterday, else its date. */
export function dayOf(
  at: number,
  now: number,
  names: { readonly today: string; readonly yesterday: string },
  locale: string,
): string {
  const days = daysAgo(at, now);
  if (days <= 0) return names.today;
  if (days === 1) return names.yesterday;
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(
    at,
  );
}

/** How long ago a conversation was last used: time today, else weekday or date. */
export function shortWhen(at: number, now: number, locale: string): string {
  const days = daysAgo(at, now);
  if (days <= 0) return timeOf(at, locale);
  if (days < 7) return new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(at);
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(at);
}

/** A duration (ms) for people: "0.4 ms", "35 ms", "1.8 s". */
export function msOf(ms: number): string {
  const { why, locale } = words();
  const [phrase, value, digits] = ms >= 1000 ? [why.seconds, ms / 1000, 1] : [why.ms, ms, ms < 10 ? 1 : 0];
  return fill(phrase, { n: new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value) });
}
