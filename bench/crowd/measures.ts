import { quantile, round2 } from '../figures.js';
import type { Talk } from './talk.js';

/** An edit that comes later than this many intervals after the one before it counts as late. */
const lateFrom = 1.5;

export interface MeasureOptions {
  /** How long a reply may be without text before a placeholder is posted, ms; null where none is. */
  readonly placeholderAfterMs: number | null;
  /** When the model's last word was there, ms after it was asked. */
  readonly spokenMs: number;
}

/** What people saw, as figures (ms; null where nothing of the kind happened). */
export function measure(talks: readonly Talk[], options: MeasureOptions): Record<string, number | null> {
  const { placeholderAfterMs, spokenMs } = options;
  const after = (moment: (talk: Talk) => number | null): number[] =>
    talks.flatMap((talk) => {
      const at = moment(talk);
      return at === null ? [] : [at - talk.saidAt];
    });
  const signs = after(({ signAt }) => signAt);
  const placeholders = after(({ postedAt, placeholder }) => (placeholder ? postedAt : null));
  const delays = placeholders.map((ms) => ms - (placeholderAfterMs ?? 0));
  const whole = after(({ wholeAt }) => wholeAt).map((ms) => ms - spokenMs);
  const gaps = talks.flatMap(({ shownAt, intervalMs }) =>
    shownAt.slice(1).map((at, index) => (at - (shownAt[index] ?? at)) / intervalMs),
  );
  return {
    conversations: talks.length,
    mostAtOnce: mostAtOnce(talks),
    wholeReplies: talks.filter(({ wholeAt }) => wholeAt !== null).length,
    lost: talks.filter(({ wholeAt }) => wholeAt === null).length,
    duplicated: talks.reduce((sum, { messages }) => sum + Math.max(0, messages - 1), 0),
    eventToSignP50Ms: figure(signs, 0.5),
    eventToSignP95Ms: figure(signs, 0.95),
    ...(placeholderAfterMs !== null && {
      placeholders: placeholders.length,
      eventToPlaceholderP50Ms: figure(placeholders, 0.5),
      eventToPlaceholderP95Ms: figure(placeholders, 0.95),
      placeholderDelayP50Ms: figure(delays, 0.5),
      placeholderDelayP95Ms: figure(delays, 0.95),
    }),
    edits: gaps.length,
    editGapP50: figure(gaps, 0.5),
    editGapP99: figure(gaps, 0.99),
    editGapMax: figure(gaps, 1),
    lateEdits: gaps.filter((gap) => gap > lateFrom).length,
    wholeDelayP50Ms: figure(whole, 0.5),
    wholeDelayP95Ms: figure(whole, 0.95),
  };
}

function figure(values: readonly number[], q: number): number | null {
  return values.length === 0 ? null : quantile(values, q);
}

/** Most conversations that waited for the rest of their reply at the same time. */
function mostAtOnce(talks: readonly Talk[]): number {
  const steps = talks
    .flatMap(({ saidAt, wholeAt }) => [
      { at: saidAt, by: 1 },
      ...(wholeAt === null ? [] : [{ at: wholeAt, by: -1 }]),
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of steps) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** Names of figures of a second run: `lost` becomes `<prefix>Lost`. */
export function prefixed<T>(prefix: string, metrics: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [
      `${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );
}

/** Calls a second on average over the time they took; 0 for fewer than two. */
export function perSecond(times: readonly number[]): number {
  if (times.length < 2) return 0;
  const spanMs = Math.max(...times) - Math.min(...times);
  return spanMs === 0 ? 0 : round2((1_000 * (times.length - 1)) / spanMs);
}
