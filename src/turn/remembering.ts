import { RapportError } from '../../config/errors.js';
import type { PersonId, SessionId } from '../ids.js';
import { confirmed } from '../memory/fact-list.js';
import { freshProfile, type UserMemory } from '../memory/profile.js';
import type { TurnServices } from './turn-services.js';

type RememberingServices = Pick<TurnServices, 'store' | 'say' | 'clock' | 'config'>;

/** Whether facts are read out of what a person tells: not at all, shown first, or counting at once. */
export const rememberingModes = ['off', 'ask', 'on'] as const;
export type RememberingMode = (typeof rememberingModes)[number];

/** What holds for a person; `off` until they say otherwise. */
export async function rememberingOf(
  { store, config }: Pick<RememberingServices, 'store' | 'config'>,
  person: PersonId,
): Promise<RememberingMode> {
  if (!config.memory.automatic.offered) return 'off';
  return (await store.people.profile(person))?.remembering?.mode ?? 'off';
}

/**
 * Changes it. What was said before is not read; with `off` what waits goes.
 * @throws RapportError RAPPORT_E_ENTRY_REFUSED where the operator does not offer it.
 */
export async function setRemembering(
  { store, say, clock, config }: RememberingServices,
  person: PersonId,
  mode: RememberingMode,
): Promise<void> {
  if (!config.memory.automatic.offered && mode !== 'off')
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('memory.automatic.notOffered') });
  const now = clock.now();
  const changed = await store.people.changeProfile(person, (known) => {
    const { remembering: before, ...rest } = known ?? freshProfile(person, now);
    if (mode === 'off' && !before) return null;
    return {
      ...rest,
      ...(mode !== 'off' && { remembering: { mode, since: before?.since ?? now } }),
      updatedAt: now,
    };
  });
  if (changed && mode === 'off') await decideProposals({ store, say, config }, person, 'all', false);
}

/** Reads or changes it in words. @param typed `off`, `ask`, `on`; '' asks what holds, and lists what waits. */
export async function sayRemembering(
  services: RememberingServices,
  person: PersonId,
  typed: string,
): Promise<string> {
  const { say, store, config } = services;
  if (!config.memory.automatic.offered) return say('memory.automatic.notOffered');
  const word = typed.trim().toLowerCase();
  const mode = rememberingModes.find((known) => known === word);
  if (mode) {
    await setRemembering(services, person, mode);
    return say(`memory.automatic.${mode}`);
  }
  if (word !== '') return say('memory.automatic.unclear');
  const holds = say(`memory.automatic.${await rememberingOf(services, person)}`);
  const waiting = await waitingFacts({ store }, person);
  return waiting.length === 0 ? holds : `${holds}\n${proposalList(waiting, say)}`;
}

/** A fact that waits for a person's word, with the line it was read in where that is still there. */
export interface WaitingFact extends UserMemory {
  readonly line?: string;
}

/** Units of a line that is shown beside a fact. */
const lineUnits = 160;

/** What waits for a person's word, oldest first. */
export async function waitingFacts(
  { store }: Pick<RememberingServices, 'store'>,
  person: PersonId,
): Promise<readonly WaitingFact[]> {
  const waiting = await store.people.proposals(person);
  const lines = new Map<string, string>();
  for (const session of new Set(waiting.flatMap(({ sessionId }) => sessionId ?? []))) {
    const own = waiting.filter(({ sessionId }) => sessionId === session);
    const ids = own.flatMap(({ source }) => (source ? [source.entry] : []));
    for (const { id, text, personId } of await store.transcript.find(session, ids))
      if (personId === person) lines.set(`${session}/${id}`, text.replace(/\s+/g, ' ').trim());
  }
  return waiting.map((fact) => {
    const line = lines.get(`${fact.sessionId ?? ''}/${fact.source?.entry ?? ''}`);
    if (line === undefined || line.includes(fact.text)) return fact;
    return {
      ...fact,
      line: line.length > lineUnits ? `${line.slice(0, lineUnits - 2).toWellFormed()} …` : line,
    };
  });
}

function proposalList(waiting: readonly WaitingFact[], say: TurnServices['say']): string {
  return say('memory.waiting.list', {
    facts: waiting
      .map(({ text, line }, place) => {
        const fact = say('memory.fact', { n: place + 1, text });
        return line === undefined ? fact : say('memory.waiting.from', { fact, line });
      })
      .join('\n'),
  });
}

/**
 * Keeps or drops what waits for a person's word.
 * @returns what was kept or dropped. @throws RapportError RAPPORT_E_ENTRY_REFUSED where the list of facts has no room for it.
 */
export async function decideProposals(
  { store, say, config }: Pick<RememberingServices, 'store' | 'say' | 'config'>,
  person: PersonId,
  which: readonly string[] | 'all',
  keep: boolean,
): Promise<readonly UserMemory[]> {
  const waiting = await store.people.proposals(person);
  const meant = waiting.filter(({ id }) => which === 'all' || which.includes(id));
  if (keep && meant.length > 0) {
    const limit = config.memory.maxFacts;
    const known = await store.people.memories(person);
    if (known.length + meant.length > limit)
      throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('memory.full', { limit }) });
  }
  for (const fact of meant)
    if (keep) await store.people.addMemory(confirmed(fact));
    else await store.people.removeMemory(person, fact.id);
  return meant;
}

/** The ids of what a person means by `2`, `all`; null where that is nothing that waits. */
export async function proposalsMeant(
  { store }: Pick<RememberingServices, 'store'>,
  person: PersonId,
  typed: string,
): Promise<readonly string[] | null> {
  const waiting = await store.people.proposals(person);
  const word = typed.trim().toLowerCase();
  const meant = word === 'all' ? waiting : waiting.filter((_, place) => String(place + 1) === word);
  return meant.length === 0 ? null : meant.map(({ id }) => id);
}

/** {@link decideProposals} in words. @param ids as {@link proposalsMeant} found them. */
export async function sayDecision(
  services: RememberingServices,
  person: PersonId,
  ids: readonly string[] | null,
  keep: boolean,
): Promise<string> {
  const { say } = services;
  if (ids === null) return say('memory.waiting.unknown');
  const facts = await decideProposals(services, person, ids, keep);
  return say(keep ? 'memory.waiting.kept' : 'memory.waiting.dropped', {
    text: facts.map(({ text }) => text).join(' · '),
  });
}

/** How long it is known what somebody was told of, ms. */
const toldMs = 90 * 86_400_000;

/** Which facts somebody was told of lies beside them: written into them, it would bring back one that they decide about meanwhile. */
function toldKey(person: PersonId): string {
  return `waiting-told:${person}`;
}

/** Removes what is kept of what somebody was told of. */
export async function forgetTold(
  { store }: { readonly store: Pick<TurnServices['store'], 'values'> },
  person: PersonId,
): Promise<void> {
  await store.values.remove(toldKey(person));
}

/** That something waits, once; null where nothing new does. */
export async function waitingNotice(
  { store, say }: Pick<RememberingServices, 'store' | 'say'>,
  person: PersonId,
): Promise<string | null> {
  const waiting = await store.people.proposals(person);
  if (waiting.length === 0) return null;
  const known = await store.values.get(toldKey(person));
  const told = new Set(known === null ? [] : (JSON.parse(known) as string[]));
  if (waiting.every(({ id }) => told.has(id))) return null;
  await store.values.set(toldKey(person), JSON.stringify(waiting.map(({ id }) => id)), toldMs);
  return say('memory.waiting.notice', { count: waiting.length });
}

/** What was read in a conversation and never confirmed goes with it. */
export async function forgetReadFacts(
  { store }: Pick<RememberingServices, 'store'>,
  person: PersonId,
  session: SessionId,
): Promise<void> {
  const all = [...(await store.people.memories(person)), ...(await store.people.proposals(person))];
  for (const { id, source, sessionId } of all)
    if (source?.open && sessionId === session) await store.people.removeMemory(person, id);
}
