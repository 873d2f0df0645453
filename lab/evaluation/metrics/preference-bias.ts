import type { ConfusionMatrix } from './classification.js';
import { mean } from './mean.js';

const maxRounds = 10_000;
const settled = 1e-10;

/**
 * How unevenly a model prefers strategies, whatever the case asks for (preference bias, Kang et al. 2024, arXiv
 * 2402.13211): every mistake is a contest that the predicted class wins against the expected one; the preferences p are
 * the strengths of a Bradley-Terry model, found by Newman's (2023) iteration from p = 1,
 *
 *     p_i ← Σ_j w_ij p_j / (p_i + p_j)  /  Σ_j w_ji / (p_i + p_j),   w_ij = cases of class j answered with i,
 *
 * scaled to a mean of 1; the bias is their standard deviation, from 0 (even) to √(classes − 1) (one class takes all: it
 * wins contests and loses none, so its strength is the limit). The iteration runs until it settles. Right answers (i = j)
 * cancel out of the fixed point and are left out; a class without any mistake keeps 1. Null where several classes win
 * and never lose, for then nothing compares them.
 */
export function preferenceBias(matrix: ConfusionMatrix): number | null {
  if (matrix.length === 0) return null;
  const wins = (i: number, j: number): number => (i === j ? 0 : (matrix[j]?.[i] ?? 0));
  const all = [...matrix.keys()];
  const total = (count: (other: number) => number): number => all.reduce((sum, j) => sum + count(j), 0);
  const lost = all.map((i) => total((j) => wins(j, i)));
  const contested = all.filter((i) => total((j) => wins(i, j)) + (lost[i] ?? 0) > 0);
  const undefeated = contested.filter((i) => lost[i] === 0);
  if (undefeated.length > 1) return null;
  const [champion] = undefeated;
  const strengths =
    champion === undefined
      ? bradleyTerry(contested, wins)
      : contested.map((i) => (i === champion ? contested.length : 0));
  const squares = strengths.reduce((sum, strength) => sum + (strength - 1) ** 2, 0);
  return Math.sqrt(squares / matrix.length);
}

/** Strengths of the items with a mean of 1; each has lost at least once. */
function bradleyTerry(items: readonly number[], wins: (i: number, j: number) => number): number[] {
  const strengths = items.map(() => 1);
  for (let round = 0; round < maxRounds; round += 1) {
    const before = [...strengths];
    for (const [place, item] of items.entries()) {
      let above = 0;
      let below = 0;
      for (const [otherPlace, other] of items.entries()) {
        const strength = strengths[otherPlace] ?? 0;
        const both = (strengths[place] ?? 0) + strength;
        if (both === 0) continue;
        above += (wins(item, other) * strength) / both;
        below += wins(other, item) / both;
      }
      strengths[place] = below > 0 ? above / below : 0;
    }
    const scale = mean(strengths);
    if (scale > 0) for (const place of strengths.keys()) strengths[place] = (strengths[place] ?? 0) / scale;
    if (strengths.every((strength, place) => Math.abs(strength - (before[place] ?? 0)) < settled)) break;
  }
  return strengths;
}
