import type { SessionId } from '../ids.js';
import { within } from '../within.js';
import type { CommandServices } from './command-services.js';

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
