import type { Character } from '../../characters/schema.js';
import { type SessionId, turnId } from '../ids.js';
import type { CommandServices } from './command-services.js';
import {
  type ConversationToOpen,
  firstWords,
  type OpenedConversation,
  openConversation,
  switchCharacter,
} from './conversation.js';

export interface Meeting extends OpenedConversation {
  /** Whether a conversation that went on was handed to the character, with what was said in it. */
  readonly takenOver: boolean;
}

/**
 * A person has chosen whom to talk to: the conversation begins, or the one that goes on there is handed to the character and
 * what was said in it stays. In both cases `opening` is to be posted: who speaks now, that this is an AI, and the greeting.
 * It is empty where that character speaks there already.
 */
export async function meetCharacter(
  services: CommandServices,
  wanted: Omit<ConversationToOpen, 'anew'>,
): Promise<Meeting> {
  const { id, character, reasons } = wanted;
  const opened = await openConversation(services, wanted);
  if (opened.session.characterId === character.id) return { ...opened, takenOver: false };
  const switched = await switchCharacter(services, id, character.id, reasons);
  // It was ended meanwhile.
  if (!switched) return { ...(await openConversation(services, wanted)), takenOver: false };
  const { session } = switched;
  const at = services.clock.now();
  const begun = await firstWords(services, { ...session, updatedAt: at }, character, {
    whereabouts: wanted.whereabouts,
  });
  const opening = begun.opening.map((entry) => ({ ...entry, id: `${entry.id}:${at}`, at }));
  await keep(services, id, character, { session: begun.session, opening }, at);
  return { session, opening, takenOver: true };
}

/** Writes the first words into the transcript. While a reply is being written the transcript is that turn's: they are only shown then. */
async function keep(
  { store, config, random, sessions }: CommandServices,
  id: SessionId,
  character: Character,
  { session: begun, opening }: OpenedConversation,
  at: number,
): Promise<void> {
  const lease = await store.lease.acquire(id, random.id(), config.state.leaseMs);
  if (!lease) return;
  try {
    const session = await store.sessions.get(id);
    if (session?.characterId !== character.id) return;
    const told = { ...session, disclosed: true, disclosedAt: at, ...(begun.care && { care: begun.care }) };
    await store.sessions.commit(lease, {
      ...{ turnId: turnId(id, 0), session: told, entries: opening, consumed: [] },
    });
  } finally {
    if ((await store.lease.releaseIfInboxEmpty(lease)) === 'kept') {
      await store.lease.release(lease);
      sessions.wake(id);
    }
  }
}
