/**
 * The longest run of whole sentences of at most `max` UTF-16 units; where the first sentence is longer, whole words
 * and an ellipsis. Never splits a surrogate pair.
 */
export function cutAtSentence(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 0) return '';
  const head = text.slice(0, max + 1);
  let end = 0;
  for (const match of head.matchAll(/[.!?。！？]["')\]]*(?=\s|$)/gu)) {
    const stop = match.index + match[0].length;
    if (stop <= max) end = stop;
  }
  if (end >= max * 0.3) return text.slice(0, end);
  if (max < 2) return '';
  const words = text.slice(0, max - 1);
  const space = words.lastIndexOf(' ');
  return `${wholeUnits(space > max / 2 ? words.slice(0, space) : words)}…`;
}

/** Keeps the head and the tail of a text, ` … ` between them, at most `max` UTF-16 units. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 12) return wholeUnits(text.slice(0, Math.max(0, max)));
  const room = max - 3;
  const head = Math.ceil(room * 0.6);
  const tail = text.slice(text.length - (room - head));
  return `${wholeUnits(text.slice(0, head))} … ${/^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail}`;
}

function wholeUnits(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
