/**
 * How well two Myers-Briggs types complement each other in a supportive talk, in [0, 1]; null where one is unknown.
 * A plain heuristic, not a finding: sharing how one takes in the world (N/S) eases understanding, an even energy (E/I)
 * that differs helps one lead and one reflect, a feeling supporter comforts, and the last letter hardly matters.
 */
export function temperamentFit(seeker: string | undefined, supporter: string | undefined): number | null {
  if (!seeker || !supporter || seeker.length !== 4 || supporter.length !== 4) return null;
  const same = (index: number): boolean => seeker[index] === supporter[index];
  return (
    (same(1) ? 0.45 : 0) +
    (same(0) ? 0.1 : 0.2) +
    (supporter[2] === 'F' ? 0.25 : same(2) ? 0.15 : 0) +
    (same(3) ? 0.1 : 0.05)
  );
}
