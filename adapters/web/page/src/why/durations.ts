import { fill } from '../state/fill.js';
import { words } from '../state/words.js';

/** A duration (ms) for people: "0.4 ms", "35 ms", "1.8 s". */
export function msOf(ms: number): string {
  const { why, locale } = words();
  const [phrase, value, digits] = ms >= 1000 ? [why.seconds, ms / 1000, 1] : [why.ms, ms, ms < 10 ? 1 : 0];
  return fill(phrase, { n: new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value) });
}
