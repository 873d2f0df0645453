import type { Say } from '../../config/locale.js';
import { replacedIn } from './fact-slots.js';
import type { UserMemory } from './profile.js';

/** A fact as a person sees it in their list. */
export interface ListedFact extends UserMemory {
  /** A newer one has taken its place: it is kept, and no prompt holds it. */
  readonly earlier?: true;
}

/** At most so many facts are pinned. */
export const mostPinned = 10;

/** What a person asked to be remembered, with what holds no more. @param facts oldest first. */
export function listedFacts(facts: readonly UserMemory[]): readonly ListedFact[] {
  const replaced = replacedIn(facts.map(({ text }) => text));
  return facts.map((fact, place) => ({
    ...fact,
    ...(replaced.has(place) && !fact.pinned && { earlier: true as const }),
  }));
}

/** A fact as a line of a list. @param n its number, from 1. */
export function factLine({ text, pinned, earlier }: ListedFact, n: number, say: Say): string {
  const line = say('memory.fact', { n, text });
  return pinned ? say('memory.pinnedFact', { line }) : earlier ? say('memory.earlierFact', { line }) : line;
}

/** Pins a fact, or takes the pin away. */
export function withPin({ pinned: _, ...fact }: UserMemory, pin: boolean): UserMemory {
  return pin ? { ...confirmed(fact), pinned: true } : fact;
}

/** A fact that was read in what a person said, once they have said that it is to be kept: it stays when the conversation goes. */
export function confirmed({ source, ...fact }: UserMemory): UserMemory {
  return { ...fact, ...(source && { source: { entry: source.entry, by: source.by } }) };
}
