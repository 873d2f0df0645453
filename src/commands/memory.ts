import { RapportError } from '../../config/errors.js';
import type { PersonId, SessionId } from '../ids.js';
import { type ListedFact, listedFacts, mostPinned, withPin } from '../memory/fact-list.js';
import type { UserMemory } from '../memory/profile.js';
import { forgetSaid } from '../turn/forgetting.js';
import type { CommandServices } from './command-services.js';

/** The longest fact, UTF-16 units. */
export const memoryUnits = 500;

/** What a person asked to be remembered, oldest first. */
export async function listMemories(
  { store }: Pick<CommandServices, 'store'>,
  person: PersonId,
): Promise<readonly ListedFact[]> {
  return listedFacts(await store.people.memories(person), await store.people.profile(person));
}

/**
 * Keeps a fact about a person, in their own private conversations.
 * @param text bounded to {@link memoryUnits}.
 * @throws RapportError RAPPORT_E_ENTRY_REFUSED where there is nothing to keep or the list is full.
 */
export async function addMemory(
  {
    store,
    config,
    say,
    clock,
    random,
  }: Pick<CommandServices, 'store' | 'config' | 'say' | 'clock' | 'random'>,
  person: PersonId,
  text: string,
  session?: SessionId,
): Promise<UserMemory> {
  const fact = text.trim().slice(0, memoryUnits).toWellFormed().trim();
  const limit = config.memory.maxFacts;
  if (fact === '') throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('remember.empty') });
  if ((await store.people.memories(person)).length >= limit)
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('memory.full', { limit }) });
  const memory: UserMemory = {
    id: random.id(),
    personId: person,
    text: fact,
    at: clock.now(),
    ...(session && { sessionId: session }),
  };
  await store.people.addMemory(memory);
  return memory;
}

/** Forgets a fact by its id; returns it, or null if there was none. */
export async function forgetMemory(
  { store }: Pick<CommandServices, 'store'>,
  person: PersonId,
  id: string,
): Promise<UserMemory | null> {
  const fact = (await store.people.memories(person)).find((known) => known.id === id);
  if (!fact) return null;
  await forgetSaid({ store }, person, fact);
  return (await store.people.removeMemory(person, id)) ? fact : null;
}

/**
 * Pins a fact, so that every prompt of the person's own conversations holds it, or takes the pin away; null if there is no such fact.
 * @throws RapportError RAPPORT_E_ENTRY_REFUSED where too many are pinned.
 */
export async function pinMemory(
  { store, say }: Pick<CommandServices, 'store' | 'say'>,
  person: PersonId,
  id: string,
  pinned: boolean,
): Promise<UserMemory | null> {
  const facts = await store.people.memories(person);
  const fact = facts.find((known) => known.id === id);
  if (!fact) return null;
  if (pinned && !fact.pinned && facts.filter((known) => known.pinned).length >= mostPinned)
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', {
      reason: say('memory.allPinned', { limit: mostPinned }),
    });
  const changed = withPin(fact, pinned);
  await store.people.addMemory(changed);
  return changed;
}
