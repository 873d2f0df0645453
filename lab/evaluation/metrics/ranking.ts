/** Relevance of the ranked items, best rank first. */
export type RankedRelevance = readonly boolean[];

/** 1 where the first item is relevant, else 0. */
export function topOne(ranking: RankedRelevance): number {
  return ranking[0] ? 1 : 0;
}

/** 1 / rank of the first relevant item; 0 where there is none. */
export function reciprocalRank(ranking: RankedRelevance): number {
  const index = ranking.indexOf(true);
  return index < 0 ? 0 : 1 / (index + 1);
}

/**
 * Normalised discounted cumulative gain of the first `k` items with binary relevance (Järvelin & Kekäläinen 2002,
 * discount 1 / log2(rank + 1)); 0 where nothing is relevant.
 */
export function ndcgAt(ranking: RankedRelevance, k: number): number {
  const ideal = gain(
    [...ranking].sort((a, b) => Number(b) - Number(a)),
    k,
  );
  return ideal > 0 ? gain(ranking, k) / ideal : 0;
}

function gain(ranking: RankedRelevance, k: number): number {
  return ranking
    .slice(0, k)
    .reduce((sum, relevant, index) => sum + (relevant ? 1 / Math.log2(index + 2) : 0), 0);
}

export interface ScoredRelevance {
  readonly score: number;
  readonly relevant: boolean;
}

/** Relevance in the given order, but among neighbours of equal score the relevant come last: a tie earns nothing. */
export function tiesLast(items: readonly ScoredRelevance[]): boolean[] {
  const ordered: boolean[] = [];
  let start = 0;
  while (start < items.length) {
    const score = items[start]?.score;
    let end = start + 1;
    while (end < items.length && items[end]?.score === score) end += 1;
    const tied = items.slice(start, end).map(({ relevant }) => relevant);
    ordered.push(...tied.sort((a, b) => Number(a) - Number(b)));
    start = end;
  }
  return ordered;
}
