/** How often each run of 1 to `most` words occurs: by length (place 0: single words), then by the words. */
export function countNgrams(words: readonly string[], most: number): Map<string, number>[] {
  return Array.from({ length: most }, (_, index) => countRuns(words, index + 1));
}

/** How often each run of `length` words occurs. */
export function countRuns(words: readonly string[], length: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + length <= words.length; start += 1) {
    const run = length === 1 ? (words[start] as string) : words.slice(start, start + length).join(' ');
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

/** Of several texts the highest count of each run. */
export function highestCounts(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const [only] = all;
  if (all.length === 1 && only) return only;
  const highest = new Map<string, number>();
  for (const counts of all)
    for (const [run, count] of counts) highest.set(run, Math.max(count, highest.get(run) ?? 0));
  return highest;
}

/** The sum over all runs of the smaller of both counts. */
export function sharedCount(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [run, count] of a) shared += Math.min(count, b.get(run) ?? 0);
  return shared;
}

/** The length nearest to `length`; of two as near, the shorter. */
export function closestLength(lengths: readonly number[], length: number): number {
  return lengths.reduce((best, one) => {
    const nearer = Math.abs(one - length) - Math.abs(best - length);
    return nearer < 0 || (nearer === 0 && one < best) ? one : best;
  });
}
