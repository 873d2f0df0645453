const ideographs = /[\u30a0-\u30ff\u3400-\u9fff]/u;
const stemLength = 5;

/** What two texts in one language can share: beginnings of words, numbers, and in scripts without blanks pairs of characters. */
export function factWords(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{M}]{3,}|\d+/gu))
    if (!/[\u3040-\u30ff\u3400-\u9fff]/u.test(word)) words.add(word.slice(0, stemLength));
  const characters = [...text];
  for (const [place, character] of characters.entries()) {
    const next = characters[place + 1];
    if (next !== undefined && ideographs.test(character) && ideographs.test(next))
      words.add(character + next);
  }
  return words;
}
