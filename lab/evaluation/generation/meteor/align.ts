import { exact, type Match } from './matches.js';

const beam = 40;

/** Of a text and a reference the matches chosen, and in how many runs both go on word by word. */
export interface Alignment {
  readonly matches: readonly Match[];
  readonly chunks: number;
}

interface Path {
  /** By place in the reference; never changed. */
  readonly matches: readonly (Match | null)[];
  /** By place in the hypothesis; never changed. */
  readonly usedSaid: readonly boolean[];
  /** A match that is not yet in the two lists: few paths live on, so only theirs are copied. */
  readonly pending: Match | null;
  exactMatches: number;
  chunks: number;
  /** Sum of how far matched words stand apart. */
  distance: number;
  /** Place in the hypothesis after the last match; -1 outside a run. */
  end: number;
}

/**
 * METEOR 1.5's search from left to right over the reference, keeping 40 paths: most exact matches, then fewest runs, then the least
 * distance. Pairs that compete with no other are fixed first. Two traits of the official program are kept, for its figures rest on them:
 * stems and synonyms do not count as matches when paths are compared, and the distance of a chosen match is added to the paths that go on
 * without it.
 */
export function align(candidates: readonly (readonly Match[])[], saidLength: number): Alignment {
  const fixed = fixedMatches(candidates, saidLength);
  let paths: Path[] = [startOf(fixed, saidLength)];
  for (const [place, options] of candidates.entries()) {
    const next: Path[] = [];
    for (const path of bestOf(paths)) {
      const sure = fixed[place];
      if (sure) {
        extend(path, sure);
        path.distance += Math.abs(sure.wanted - sure.said);
        next.push(path);
        continue;
      }
      for (const match of options) {
        if (path.usedSaid[match.said]) continue;
        const longer = { ...path, pending: match };
        extend(longer, match);
        path.distance += Math.abs(match.wanted - match.said);
        next.push(longer);
      }
      if (path.end !== -1) path.chunks += 1;
      path.end = -1;
      next.push(path);
    }
    paths = next;
  }
  const complete = bestOf(paths);
  for (const path of complete) if (path.end !== -1) path.chunks += 1;
  const [best] = complete.sort(better);
  const matches = (best?.matches ?? []).filter((match) => match !== null);
  return { matches, chunks: countChunks(matches) };
}

/** A pair whose words have no other candidate, by place in the reference. */
function fixedMatches(candidates: readonly (readonly Match[])[], saidLength: number): (Match | null)[] {
  const covered = new Array<number>(saidLength).fill(0);
  for (const options of candidates) for (const { said } of options) covered[said] = (covered[said] ?? 0) + 1;
  return candidates.map(([only, ...others]) =>
    only && others.length === 0 && covered[only.said] === 1 ? only : null,
  );
}

function startOf(fixed: readonly (Match | null)[], saidLength: number): Path {
  const usedSaid = new Array<boolean>(saidLength).fill(false);
  for (const match of fixed) if (match) usedSaid[match.said] = true;
  return { matches: [...fixed], usedSaid, pending: null, exactMatches: 0, chunks: 0, distance: 0, end: -1 };
}

/** The paths that live on, best first, each with lists of its own. */
function bestOf(paths: Path[]): Path[] {
  return paths
    .sort(better)
    .slice(0, beam)
    .map((path) => {
      const { pending } = path;
      if (!pending) return path;
      const matches = [...path.matches];
      const usedSaid = [...path.usedSaid];
      matches[pending.wanted] = pending;
      usedSaid[pending.said] = true;
      return { ...path, matches, usedSaid, pending: null };
    });
}

function extend(path: Path, match: Match): void {
  if (match.module === exact) path.exactMatches += 1;
  if (path.end !== -1 && match.said !== path.end) path.chunks += 1;
  path.end = match.said + 1;
}

function better(a: Path, b: Path): number {
  return b.exactMatches - a.exactMatches || a.chunks - b.chunks || a.distance - b.distance;
}

function countChunks(matches: readonly Match[]): number {
  return matches.filter(({ said, wanted }, index) => {
    const before = matches[index - 1];
    return !before || wanted !== before.wanted + 1 || said !== before.said + 1;
  }).length;
}
