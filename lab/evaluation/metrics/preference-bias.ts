import type { ConfusionMatrix } from './classification.js';
import { mean } from './mean.js';

const mostRounds = 10_000;
const settled = 1e-10;

/**
 * How unevenly a model prefers strategies, whatever the case asks for (preference bias, Kang et al. 2024, arXiv
 * 2402.13211): every mistake is a contest that the predicted class wins against the expected one; the preferences p are
 * the strengths of a Bradley-Terry model, found by Newman's (2023) iteration from p = 1,
 *
 *     p_i ← Σ_j w_ij p_j / (p_i + p_j)  /  Σ_j w_ji / (p_i + p_j),   w_ij = cases of class j answered with i,
 *
 * scaled to a mean of 1; the bias is their standard deviation, from 0 (even). The iteration runs until it settles. Right
 * answers (i = j) cancel out of the fixed point and are left out; a class without any mistake keeps 1. Null where the
 * mistakes fix no strengths: a class that wins contests but never loses one would be infinitely preferred.
 */
export function preferenceBias(matrix: ConfusionMatrix): number | null {
  const size = matrix.length;
  const wins = (i: number, j: number): number => (i === j ? 0 : (matrix[j]?.[i] ?? 0));
  const others = [...matrix.keys()];
  const contests = others.map((i) => ({
    won: others.reduce((sum, j) => sum + wins(i, j), 0),
    lost: others.reduce((sum, j) => sum + wins(j, i), 0),
  }));
  if (size === 0 || contests.some(({ won, lost }) => won > 0 && lost === 0)) return null;
  let strengths = others.map(() => 1);
  for (let round = 0; round < mostRounds; round += 1) {
    const before = strengths;
    strengths = [...before];
    for (const [i, { won, lost }] of contests.entries()) {
      if (won + lost === 0) continue;
      let above = 0;
      let below = 0;
      const own = strengths[i] ?? 0;
      for (const [j, other] of strengths.entries()) {
        const both = own + other;
        if (both === 0) continue;
        above += (wins(i, j) * other) / both;
        below += wins(j, i) / both;
      }
      strengths[i] = below > 0 ? above / below : 0;
    }
    const scale = mean(strengths);
    if (scale === 0) return null;
    strengths = strengths.map((strength) => strength / scale);
    if (strengths.every((strength, i) => Math.abs(strength - (before[i] ?? 0)) < settled)) break;
  }
  return Math.sqrt(mean(strengths.map((strength) => (strength - 1) ** 2)));
}
