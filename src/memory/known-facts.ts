import type { RankedFact } from './fact-chooser.js';

/** Something a person has said of themselves. */
export interface KnownFact {
  readonly text: string;
  /** Written into the form, or asked to be remembered. */
  readonly from: 'form' | 'remembered';
}

/** A known fact as it serves a turn. */
export interface RecalledFact extends KnownFact {
  readonly score: number;
  /** Whether it bears on what was just said. */
  readonly fits: boolean;
}

/** How much of what is known a prompt may hold. */
interface FactBudget {
  readonly count: number;
  /** UTF-16 units of all of them. */
  readonly units: number;
}

/** Form first, then what was remembered, oldest first; of facts that differ in case and punctuation only, the newest. */
export function knownFacts(form: readonly string[], remembered: readonly string[]): readonly KnownFact[] {
  const all: KnownFact[] = [
    ...form.map((text) => ({ text, from: 'form' as const })),
    ...remembered.map((text) => ({ text, from: 'remembered' as const })),
  ];
  const newest = new Map(all.map((fact) => [sameness(fact.text), fact]));
  return all.filter((fact) => newest.get(sameness(fact.text)) === fact && fact.text.trim() !== '');
}

/**
 * All facts where the budget holds them, else those that rank first; always in the order they were told, so that the part of a
 * prompt that holds them stays the same from turn to turn.
 */
export function withinBudget(
  facts: readonly KnownFact[],
  ranked: readonly RankedFact[],
  fitting: readonly RankedFact[],
  budget: FactBudget,
): RecalledFact[] {
  const order = ranked.length > 0 ? ranked : facts.map((_, index) => ({ index, score: 0 }));
  const bearing = new Set(fitting.map(({ index }) => index));
  const kept = new Map<number, RecalledFact>();
  let room = budget.units;
  for (const { index, score } of order) {
    const fact = facts[index];
    if (!fact || kept.size >= budget.count) continue;
    if (fact.text.length > room) continue;
    room -= fact.text.length;
    kept.set(index, { ...fact, score, fits: bearing.has(index) });
  }
  return [...kept].sort(([a], [b]) => a - b).map(([, fact]) => fact);
}

function sameness(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
