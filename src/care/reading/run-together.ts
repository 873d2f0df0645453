/** Words that statements of danger are made of; spaced-out or run-together letters are cut into them. */
const vocabulary = new Set(
  (
    'i im am me my myself want wanna to gonna going die dead dying kill killing hurt harm cut cutting end ending it all life self ' +
    'suicide suicidal unalive overdose hang hanging be not live dont anymore tonight wish was were hate so please help the pills and'
  ).split(' '),
);
const grave = new Set(
  'die dead dying kill killing hurt harm cut cutting suicide suicidal unalive overdose hang hanging end ending'.split(
    ' ',
  ),
);
const longest = 8;

/** `killmyself` → `kill myself`; null where the letters are not words of danger from end to end. */
export function cutIntoWords(letters: string): string | null {
  if (letters.length < 3 || letters.length > 60) return null;
  // For each prefix, the fewest words that make it up.
  const best: (readonly string[] | null)[] = [[]];
  for (let end = 1; end <= letters.length; end += 1) {
    best[end] = null;
    for (let start = Math.max(0, end - longest); start < end; start += 1) {
      const word = letters.slice(start, end);
      const before = best[start];
      const known = best[end];
      if (before && vocabulary.has(word) && (!known || before.length + 1 < known.length))
        best[end] = [...before, word];
    }
  }
  const words = best[letters.length];
  return words?.some((word) => grave.has(word)) ? words.join(' ') : null;
}
