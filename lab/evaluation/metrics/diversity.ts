/** The words of a text: lower case, split at white space, as distinct-n is counted in lab/training. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Distinct n-grams over all n-grams of all texts together (distinct-n, Li et al. 2016), in [0, 1]; 0 without any. */
export function distinct(texts: readonly (readonly string[])[], n: number): number {
  const all = texts.flatMap((words) => ngrams(words, n));
  return all.length === 0 ? 0 : new Set(all).size / all.length;
}

/** Whether a run of `n` words occurs twice in one text. */
export function repeatsItself(words: readonly string[], n = 4): boolean {
  const all = ngrams(words, n);
  return new Set(all).size < all.length;
}

/** Share of texts in which a run of `n` words occurs twice, in [0, 1]. */
export function loopRate(texts: readonly (readonly string[])[], n = 4): number {
  return texts.length === 0 ? 0 : texts.filter((words) => repeatsItself(words, n)).length / texts.length;
}

function ngrams(words: readonly string[], n: number): string[] {
  return Array.from({ length: Math.max(0, words.length - n + 1) }, (_, start) =>
    words.slice(start, start + n).join(' '),
  );
}
