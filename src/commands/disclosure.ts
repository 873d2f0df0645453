import { reminderDue } from '../care/reminder.js';
import type { SessionState } from '../state/session.js';
import type { CommandServices } from './command-services.js';

/**
 * Has the next reply begin with the disclosure again where the person was told more than `hours` ago that this is an AI
 * (a community may ask for it more often than the law the operator goes by). Call it before a message is handed over.
 * @param hours 0: never.
 * @returns whether a reminder is due.
 */
export async function remindIfDue(
  { store, clock }: Pick<CommandServices, 'store' | 'clock'>,
  session: SessionState | null,
  hours: number,
): Promise<boolean> {
  if (!session || !reminderDue(session, hours, clock.now())) return false;
  await store.sessions.update(session.id, { disclosed: false });
  return true;
}
