import type { RankedFact } from './fact-chooser.js';
import { replacedIn } from './fact-slots.js';
import type { Meaning } from './meaning.js';
import type { UserMemory } from './profile.js';
import { sameIn } from './same-fact.js';

/** Something a person has said of themselves. */
export interface KnownFact {
  readonly text: string;
  /** Written into the form, or asked to be remembered. */
  readonly from: 'form' | 'remembered';
  /** Id of what was remembered. */
  readonly id?: string;
  /** When it was told, ms since the epoch; unknown for those of older forms. */
  readonly at?: number;
  /** In every prompt, whatever the budget. */
  readonly pinned?: true;
  /** It was read in what they wrote, and they have not confirmed it. */
  readonly read?: true;
}

/** Something a person asked to be remembered, and when (ms since the epoch). */
export type Told = Pick<UserMemory, 'text' | 'at' | 'pinned' | 'source'> & { readonly id?: string };

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

/**
 * What the form holds and what was remembered, oldest first, what has no time before all; of facts that differ in case and punctuation only,
 * the newest.
 * @param times when facts of the form were written into it.
 */
export function knownFacts(
  form: readonly string[],
  remembered: readonly Told[],
  times: Readonly<Record<string, number>> = {},
): readonly KnownFact[] {
  const all: KnownFact[] = [
    ...form.map((text) => {
      const at = timeOf(text, times);
      return { text, from: 'form' as const, ...(at !== undefined && { at }) };
    }),
    ...remembered.map(({ id, text, at, pinned, source }) => ({
      ...{ text, at, from: 'remembered' as const },
      ...(id !== undefined && { id }),
      ...(pinned && { pinned }),
      ...(source?.open && { read: true as const }),
    })),
  ].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  // What they said themselves comes before what was read.
  const newest = new Map(
    [...all.filter(({ read }) => read), ...all.filter(({ read }) => !read)].map((fact) => [
      sameness(fact.text),
      fact,
    ]),
  );
  return all.filter((fact) => newest.get(sameness(fact.text)) === fact && fact.text.trim() !== '');
}

/**
 * What holds now: without what a newer fact has taken the place of ("I live in Bern", "I moved to Basel") or says in other words. Pinned
 * facts stay, and what was only read takes the place of nothing that they said themselves.
 * @throws RapportError where the vectors cannot be made.
 */
export async function currentFacts(
  facts: readonly KnownFact[],
  meaning: Meaning | null,
): Promise<readonly KnownFact[]> {
  const texts = facts.map(({ text }) => text);
  const replaced = replacedIn(texts);
  const same = meaning ? await sameIn(texts, meaning) : new Map<number, number>();
  const gives = (place: number | undefined, own: KnownFact): boolean => {
    const newer = place === undefined ? undefined : facts[place];
    if (place === undefined || !newer) return false;
    // One that they said themselves may stand behind it.
    return own.read || !newer.read || gives(replaced.get(place) ?? same.get(place), own);
  };
  return facts.filter(
    (fact, place) => fact.pinned || (!gives(replaced.get(place), fact) && !gives(same.get(place), fact)),
  );
}

/**
 * All facts where the budget holds them, else the pinned ones and those that rank first; always in the order they were told, so that the part of a
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
  const isPinned = ({ index }: RankedFact): boolean => facts[index]?.pinned === true;
  for (const { index, score } of [...order.filter(isPinned), ...order.filter((one) => !isPinned(one))]) {
    const fact = facts[index];
    if (!fact) continue;
    if (!fact.pinned && (kept.size >= budget.count || fact.text.length > room)) continue;
    room -= fact.text.length;
    kept.set(index, { ...fact, score, fits: bearing.has(index) });
  }
  return [...kept].sort(([a], [b]) => a - b).map(([, fact]) => fact);
}

/** When a fact of the form was written into it. */
export function timeOf(fact: string, times: Readonly<Record<string, number>> = {}): number | undefined {
  return Object.hasOwn(times, fact) ? times[fact] : undefined;
}

function sameness(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
