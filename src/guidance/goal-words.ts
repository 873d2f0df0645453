import type { SteeringGoal, SteeringTable } from '../../config/steering.js';
import { neutraliseInBrackets } from '../prompting/neutralise.js';

/** Longest goal in a person's own words, UTF-16 units. */
export const maxGoalUnits = 120;

export type ResolvedGoal =
  | { readonly kind: 'goal'; readonly goal: string }
  | { readonly kind: 'unknown'; readonly typed: string; readonly suggestion: string };

/**
 * What a person meant by the words after `!topic`: a goal of the table by alias, label or goal string; else, when one
 * word is nearly an alias, a suggestion; else a goal in their own words (`the sea` → `talk about the sea.`), in one
 * line, bounded and neutralised. Null for nothing.
 */
export function resolveGoal(typed: string, { goals }: SteeringTable): ResolvedGoal | null {
  const clean = cleanGoal(typed);
  if (clean === '') return null;
  const key = keyOf(clean);
  const known = goals.find((goal) => namesOf(goal).includes(key));
  if (known) return { kind: 'goal', goal: known.goal };
  const suggestion = key.includes(' ') ? null : nearestAlias(key, goals);
  if (suggestion) return { kind: 'unknown', typed: clean, suggestion };
  const led = /^(?:ask|talk|tell|speak|help|listen|find|explain|share|bring|move|go|say)\b/i.test(clean);
  return { kind: 'goal', goal: `${led ? clean : `talk about ${clean.replace(/^about /i, '')}`}.` };
}

function namesOf({ goal, label, aliases }: SteeringGoal): string[] {
  return [...aliases, keyOf(goal), keyOf(label)];
}

/** Lower case, without a leading `talk about` or `ask about` and the full stop. */
function keyOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[.!?]+$/, '')
    .replace(/^(?:talk|ask) about /, '')
    .trim();
}

function cleanGoal(typed: string): string {
  const line = neutraliseInBrackets(typed)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.\s]+$/, '');
  return line
    .slice(0, maxGoalUnits - 'talk about .'.length)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
}

function nearestAlias(key: string, goals: readonly SteeringGoal[]): string | null {
  const allowed = key.length < 8 ? 1 : 2;
  let nearest: { alias: string; distance: number } | null = null;
  for (const alias of goals.flatMap(({ aliases }) => aliases)) {
    // People seldom miss the first letter, and `dating` is no slip of `eating`.
    if (alias[0] !== key[0] || Math.abs(alias.length - key.length) > allowed) continue;
    const distance = editDistance(key, alias);
    if (alias.length > 2 && distance <= allowed && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY))
      nearest = { alias, distance };
  }
  return nearest?.alias ?? null;
}

/** Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions, swapped neighbours. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swap);
    }
  }
  return at(a.length, b.length);
}
