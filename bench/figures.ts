/** The smallest value that at least the share `q` of all is not above; NaN where there are none. Two decimals. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round2(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN);
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Resident memory of this process, MB. */
export function resident(): number {
  return Math.round(process.memoryUsage.rss() / 1e6);
}

/** Most of the moments (ms) that lie within one second of each other. */
export function busiestSecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
