import type { CharacterBank } from '../../characters/bank.js';
import { mayChoose } from '../../characters/choice.js';
import { greetingFor } from '../../characters/played.js';
import { type Character, displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { afterAlarm } from '../care/aftermath.js';
import { isMinor } from '../care/age.js';
import { countCare, eventsOf } from '../care/counts.js';
import { isFitToSay } from '../care/said/whole-text.js';
import type { Whereabouts } from '../care/where.js';
import type { PlatformName, ReplyAddress } from '../delivery/adapter.js';
import type { PersonId, SessionId } from '../ids.js';
import type { MatchReason } from '../matching/persona-scorer.js';
import { applyOffer, newSession, openingEntries } from '../session/open-session.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { SessionSummary } from '../state/store.js';
import { forgetReadFacts } from '../turn/remembering.js';
import { blockedAmong } from './blocks.js';
import type { CommandServices } from './command-services.js';
import { type Leader, mayLead } from './lead.js';
import { endReplies } from './stop-reply.js';

/** Conversations that are looked at for a list. */
const mostLooked = 2_000;

/**
 * The conversations of a person in which they have written something, latest first: one that was opened and left is none to
 * come back to.
 */
export async function begunConversations(
  { store }: Pick<CommandServices, 'store'>,
  person: PersonId,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<SessionSummary[]> {
  const begun: SessionSummary[] = [];
  const step = Math.max(50, offset + limit);
  for (let from = 0; begun.length < offset + limit && from < mostLooked; from += step) {
    const page = await store.sessions.list(person, { limit: step, offset: from });
    for (const session of page)
      if (session.turnCount > 0 || (await store.inbox.count(session.id)) > 0) begun.push(session);
    if (page.length < step) break;
  }
  return begun.slice(offset, offset + limit);
}

export interface ConversationToOpen {
  readonly id: SessionId;
  readonly platform: PlatformName;
  readonly owner: PersonId;
  readonly character: Character;
  /** Why this character; that the person chose them where nothing is given. */
  readonly reasons?: readonly MatchReason[];
  readonly address: ReplyAddress;
  readonly shared: boolean;
  /** What the character says first in place of their greeting; '' for nothing. */
  readonly firstLine?: string;
  /** Which of the character's greetings is said; its own where nothing is given. */
  readonly greeting?: number | undefined;
  /** Where they are as far as the platform tells, for the helplines there. */
  readonly whereabouts?: Whereabouts | undefined;
  /** End a conversation that goes on under this id and begin anew; otherwise it is handed back as it is. */
  readonly anew?: boolean;
}

export interface OpenedConversation {
  readonly session: SessionState;
  /** What it begins with, oldest first, to be posted by the platform: that this is an AI, care where it is called for, the greeting. Empty where it went on already. */
  readonly opening: readonly TranscriptEntry[];
}

/** Begins a conversation, once: what it begins with is in its transcript, and the person counts as told that this is an AI. */
export async function openConversation(
  services: Pick<
    CommandServices,
    'bank' | 'store' | 'clock' | 'config' | 'logger' | 'say' | 'care' | 'sessions'
  >,
  { id, platform, owner, character, address, shared, anew, ...given }: ConversationToOpen,
): Promise<OpenedConversation> {
  const { store, clock, say } = services;
  const known = await store.sessions.get(id);
  if (known?.characterId && !anew) return { session: known, opening: [] };
  await checkChoice(services, character, owner);
  if (known) await removeConversation(services, id);
  const at = clock.now();
  const matchReasons = given.reasons?.length ? given.reasons : chosenReasons(services, character);
  const session: SessionState = {
    ...newSession({ id, platform, ownerId: owner, character, matchReasons, address, shared, at }, say),
    disclosed: true,
    disclosedAt: at,
  };
  const { opening, ...begun } = await firstWords(services, session, character, given);
  if (await store.sessions.create(begun.session, opening)) return { session: begun.session, opening };
  // Somebody else was first.
  return { session: (await store.sessions.get(id)) ?? session, opening: [] };
}

/** @throws RapportError RAPPORT_E_CHARACTER_UNKNOWN for one that is not theirs to choose. */
async function checkChoice(
  {
    bank,
    store,
    clock,
  }: Pick<CommandServices, 'store' | 'clock'> & { readonly bank: Pick<CharacterBank, 'ownerOf'> },
  character: Character,
  person: PersonId,
): Promise<void> {
  const minor = isMinor(await store.people.profile(person), clock.now());
  if (!mayChoose(bank, character, { person, minor }))
    throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: character.id });
}

/**
 * What a character begins with: that this is an AI, care where the persona of the person calls for it (never where others
 * read along), and the greeting or what stands in its place. The session is the one it is then: care is remembered in it.
 */
export async function firstWords(
  services: Pick<CommandServices, 'store' | 'care' | 'clock' | 'config' | 'logger'>,
  session: SessionState,
  character: Character,
  {
    firstLine,
    greeting,
    whereabouts = {},
  }: Pick<ConversationToOpen, 'firstLine' | 'greeting' | 'whereabouts'>,
): Promise<OpenedConversation> {
  const { store, care, clock } = services;
  const profile = await store.people.profile(session.ownerId);
  const persona = session.shared ? undefined : profile?.persona;
  const minor = isMinor(profile, clock.now());
  const crisis = await care.answer([persona?.worry ?? '', ...(persona?.facts ?? [])], session.id, {
    ...whereabouts,
    person: session.ownerId,
    heard: async () => !profile?.paused && (await blockedAmong(services, [session.ownerId])) === null,
  });
  const user = persona?.name ?? '';
  const said = firstLine ?? greetingFor(character, { user, seed: session.id }, greeting);
  // A greeting was written by hand; one of a card by a stranger.
  const fit = !character.card || isFitToSay(said, minor);
  if (crisis) countCare(services, eventsOf(crisis));
  return {
    session: crisis ? { ...session, care: afterAlarm(session.care, crisis, session.updatedAt) } : session,
    opening: openingEntries(session, { ...character, greeting: fit ? said : '' }, care, crisis?.text),
  };
}

/** The reason given to somebody who chose for themselves. */
export function chosenReasons({ say }: Pick<CommandServices, 'say'>, character: Character): MatchReason[] {
  const name = displayName(character);
  return [{ facet: 'chosen', score: 1, text: say('match.chosen', { name }) }];
}

/**
 * Another character takes a conversation over, from the next reply on; what was said stays.
 * @param reasons why this character; that the person chose them where nothing is given.
 * @returns null where there is no such conversation.
 * @throws RapportError RAPPORT_E_CHARACTER_UNKNOWN
 */
export async function switchCharacter(
  services: Pick<CommandServices, 'store' | 'bank' | 'say' | 'events' | 'clock'>,
  id: SessionId,
  characterId: string,
  reasons: readonly MatchReason[] = [],
): Promise<{ readonly session: SessionState; readonly character: Character } | null> {
  const { store, bank, say, events } = services;
  const character = bank.get(characterId);
  if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: characterId });
  const before = await store.sessions.get(id);
  if (before) await checkChoice(services, character, before.ownerId);
  const session = await store.sessions.update(id, {
    characterId,
    matchReasons: reasons.length > 0 ? reasons : chosenReasons(services, character),
    title: say('session.title', { name: displayName(character) }),
    offeredCharacterId: null,
  });
  if (!session) return null;
  events.publish(id, { type: 'session', session });
  return { session, character };
}

/**
 * Takes or declines the character that was offered. `taken` is null where it was declined or nothing was on offer.
 * @returns null where there is no such conversation.
 */
export async function takeOffer(
  services: Pick<CommandServices, 'store' | 'bank' | 'say' | 'events'>,
  id: SessionId,
  accept: boolean,
): Promise<{ readonly session: SessionState; readonly taken: Character | null } | null> {
  const { store, bank, say, events } = services;
  const before = await store.sessions.get(id);
  if (!before) return null;
  const change = applyOffer(before, accept, bank, say);
  const session = await store.sessions.update(id, change);
  if (!session) return null;
  events.publish(id, { type: 'session', session });
  return { session, taken: (change.characterId && bank.get(change.characterId)) || null };
}

/**
 * Ends a conversation and forgets it, where the person may do so: whoever may lead it may. The next message begins a new one.
 * @returns `gone` where there is no such conversation, `refused` where it is not theirs to end; nothing has changed then.
 */
export async function resetConversation(
  services: Pick<CommandServices, 'store' | 'sessions' | 'clock'>,
  id: SessionId,
  by: Leader,
): Promise<'reset' | 'gone' | 'refused'> {
  const session = await services.store.sessions.get(id);
  if (!session) return 'gone';
  if (!(await mayLead(session, by))) return 'refused';
  return (await removeConversation(services, id)) ? 'reset' : 'gone';
}

/**
 * Stops the reply that is being written and removes a conversation with everything in it, without asking who wants it: its
 * place is gone, or nobody has seen it begin. False if there was none.
 */
export async function removeConversation(
  services: Pick<CommandServices, 'store' | 'sessions' | 'clock'>,
  id: SessionId,
): Promise<boolean> {
  await endReplies(services, [id]);
  const session = await services.store.sessions.get(id);
  const removed = await services.store.sessions.remove(id);
  if (session && !session.shared) await forgetReadFacts(services, session.ownerId, id);
  return removed;
}
