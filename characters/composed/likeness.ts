/** The trigrams of words of a text, in lower case, without marks. */
export function trigrams(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];
  const found = new Set<string>();
  for (let i = 2; i < words.length; i += 1) found.add(`${words[i - 2]} ${words[i - 1]} ${words[i]}`);
  return found;
}

export interface Likest {
  /** Shared trigrams by all trigrams of the two, in [0, 1]. */
  readonly jaccard: number;
  /** Places of the two texts. */
  readonly pair: readonly [number, number];
}

/** The two most alike of many texts, by an index of their trigrams: only texts that share one are compared. */
export function likestPair(texts: readonly string[]): Likest {
  const sets = texts.map(trigrams);
  const index = new Map<string, number[]>();
  for (const [place, set] of sets.entries())
    for (const trigram of set) {
      const places = index.get(trigram);
      if (places) places.push(place);
      else index.set(trigram, [place]);
    }
  const { length } = texts;
  const shared = new Uint16Array(length * length);
  for (const places of index.values())
    for (let i = 1; i < places.length; i += 1) {
      const row = (places[i] as number) * length;
      for (let j = 0; j < i; j += 1) {
        const at = row + (places[j] as number);
        shared[at] = (shared[at] as number) + 1;
      }
    }
  let likest: Likest = { jaccard: 0, pair: [0, 0] };
  for (let a = 1; a < length; a += 1)
    for (let b = 0; b < a; b += 1) {
      const both = shared[a * length + b] as number;
      if (both === 0) continue;
      const jaccard = both / ((sets[a]?.size ?? 0) + (sets[b]?.size ?? 0) - both);
      if (jaccard > likest.jaccard) likest = { jaccard, pair: [b, a] };
    }
  return likest;
}
