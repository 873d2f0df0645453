import { setImmediate } from 'node:timers/promises';

/** A slice is counted in some milliseconds, whatever it holds. */
const sliceUnits = 2_000;
/** Texts up to this length are counted whole: prompts as they usually are. */
const wholeUnits = 8_000;
/** How far before the end of a slice a blank between two words is looked for. */
const lookBack = 200;

/**
 * Counts the tokens of a text of any length without keeping the process from everything else: long texts slice by slice,
 * cut where a word begins, so that the sum is the count of the whole. Where a word has no end it is cut, which counts a
 * token or two more.
 */
export async function countInSlices(text: string, count: (slice: string) => number): Promise<number> {
  if (text.length <= wholeUnits) return count(text);
  let total = 0;
  for (let from = 0; from < text.length; ) {
    const to = sliceEnd(text, from);
    total += count(text.slice(from, to));
    from = to;
    await setImmediate();
  }
  return total;
}

function sliceEnd(text: string, from: number): number {
  const end = from + sliceUnits;
  if (end >= text.length) return text.length;
  for (let at = end; at > end - lookBack; at -= 1)
    if (text[at] === ' ' && /\S/.test(text[at - 1] ?? '') && /\S/.test(text[at + 1] ?? '')) return at;
  return /[\uDC00-\uDFFF]/.test(text[end] ?? '') ? end - 1 : end;
}
