/** A sentence that does not end is cut here, so that its text is not held for ever. */
const longest = 400;

/** `.`, `!`, `?` with closing marks before a blank; the full stops of Chinese and Japanese; the end of a line. */
const ending = /[.!?…]+["'”’»)\]*_~]*\s+|[。！？]+["'”’」』）)]*|\n+\s*/g;
/** A full stop behind these ends nothing; behind a number only where it counts the lines of a list. */
const abbreviated =
  /(?:(?:^|[\s("“])(?:mr|mrs|ms|dr|prof|st|e\.g|i\.e|etc|vs|no|approx|max|min|ca|\p{L})|(?:^|\n)\s*\d+)\.\s*$/iu;

/** The sentences that have ended in a growing text, and what has begun after them. */
export function endedSentences(text: string): { readonly ended: readonly string[]; readonly rest: string } {
  const ended: string[] = [];
  let start = 0;
  for (const match of text.matchAll(ending)) {
    const end = match.index + match[0].length;
    const sentence = text.slice(start, end);
    if (!match[0].includes('\n') && abbreviated.test(sentence)) continue;
    ended.push(sentence);
    start = end;
  }
  let rest = text.slice(start);
  while (rest.length > longest) {
    const gap = rest.lastIndexOf(' ', longest);
    const cut = gap > longest / 2 ? gap + 1 : longest;
    ended.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return { ended, rest };
}
