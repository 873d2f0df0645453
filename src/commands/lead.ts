import { parseControlCode } from '../guidance/control-code.js';
import type { PersonId } from '../ids.js';
import type { SessionState } from '../state/session.js';
import type { CommandServices } from './command-services.js';

/** Whether a message leads a conversation elsewhere by a control code (`!topic …`, `!switch`). */
export function asksToLead(text: string, { steering }: Pick<CommandServices, 'steering'>): boolean {
  if (!text.trimStart().startsWith('!')) return false;
  const control = parseControlCode(text, steering);
  return control ? control.kind !== 'list' && control.kind !== 'unknown' : /^\s*!switch\b/i.test(text);
}

/**
 * Whether a person may lead a conversation: to a topic, to another character, to its end. It is theirs, or others read along
 * and they moderate the place it is in. Codes, commands and buttons of every platform ask here.
 * @param moderates asked only where it matters: a platform may have to look it up.
 */
export async function mayLead(
  { ownerId, shared }: Pick<SessionState, 'ownerId' | 'shared'>,
  person: PersonId,
  moderates: () => boolean | Promise<boolean>,
): Promise<boolean> {
  return ownerId === person || (shared && (await moderates()));
}
