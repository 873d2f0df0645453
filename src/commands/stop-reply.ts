import { reasonOf } from '../../config/errors.js';
import type { OutgoingMessage } from '../delivery/adapter.js';
import { type SessionId, type TurnId, turnId } from '../ids.js';
import type { SessionState } from '../state/session.js';
import { within } from '../within.js';
import type { CommandServices } from './command-services.js';

/** A request that no process has heeded is of no use any more after so long, ms. */
const keptMs = 30_000;

const keyOf = (turn: string): string => `stop:${turn}`;

/**
 * Stops the reply of one turn, in whatever process it is written: platforms hand the press of a button to any of them.
 * A button left on an old screen stops its own reply only.
 * @returns false where that reply is not being written.
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE
 */
export async function stopReply(
  { sessions, store }: Pick<CommandServices, 'sessions' | 'store'>,
  session: Pick<SessionState, 'id' | 'turnCount'>,
  turn: TurnId,
): Promise<boolean> {
  if (turn !== turnId(session.id, session.turnCount + 1)) return false;
  if (sessions.stop(session.id, turn)) return true;
  if ((await store.inbox.count(session.id)) === 0) return false;
  await store.values.set(keyOf(turn), '1', keptMs);
  return true;
}

/** Asked before a growing reply is shown: stops it where another process was told to. A store that fails costs the stop, not the reply. */
export async function heedStop(
  { sessions, store, logger }: Pick<CommandServices, 'sessions' | 'store' | 'logger'>,
  { turnId: turn, sessionId }: Pick<OutgoingMessage, 'turnId' | 'sessionId'>,
): Promise<void> {
  try {
    if ((await store.values.get(keyOf(turn))) === null) return;
    sessions.stop(sessionId as SessionId, turn as TurnId);
    await store.values.remove(keyOf(turn));
  } catch (error) {
    logger.debug({ reason: reasonOf(error) }, 'it is not known whether a reply is to stop');
  }
}

/** A platform that does not take the end of a reply is not waited for longer, ms. */
const patienceMs = 3_000;

/**
 * Ends the replies that are being written in these conversations and waits until that stands on the screen, for a while:
 * what is removed before would leave a message there that seems to be written for ever.
 */
export async function endReplies(
  { sessions, clock }: Pick<CommandServices, 'sessions' | 'clock'>,
  ids: readonly SessionId[],
): Promise<void> {
  const running = ids.filter((id) => sessions.stop(id));
  if (running.length === 0) return;
  await within(clock, patienceMs, Promise.all(running.map((id) => sessions.settled(id))));
}
