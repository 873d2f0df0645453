import type { Say } from '../../config/locale.js';
import { replacedIn } from './fact-slots.js';
import { timeOf } from './known-facts.js';
import type { Profile, UserMemory } from './profile.js';

/** A fact as a person sees it in their list. */
export interface ListedFact extends UserMemory {
  /** A newer one has taken its place: it is kept, and no prompt holds it. */
  readonly earlier?: true;
}

/** At most so many facts are pinned. */
export const mostPinned = 10;

/** What a person asked to be remembered, with what holds no more. @param facts oldest first. @param profile what the form says by now. */
export function listedFacts(facts: readonly UserMemory[], profile: Profile | null): readonly ListedFact[] {
  const form = profile?.persona.facts ?? [];
  const all = [
    ...form.map((text) => ({ text, at: timeOf(text, profile?.factsAt) ?? 0, place: -1 })),
    ...facts.map(({ text, at }, place) => ({ text, at, place })),
  ].sort((a, b) => a.at - b.at);
  const replaced = replacedIn(all.map(({ text }) => text));
  const earlier = new Set(all.flatMap(({ place }, n) => (replaced.has(n) ? [place] : [])));
  return facts.map((fact, place) => ({
    ...fact,
    ...(earlier.has(place) && !fact.pinned && { earlier: true as const }),
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
