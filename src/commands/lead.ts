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

/** Who wants to lead a conversation, as their platform says it. */
export interface Leader {
  readonly person: PersonId;
  /** Whether the person moderates the place of a conversation. Asked only where it matters: a platform may have to look it up. */
  readonly moderates?: (session: Pick<SessionState, 'id'>) => boolean | Promise<boolean>;
}

/**
 * Whether a person may lead a conversation: to a topic, to another character, to its end. It is theirs, or others read along
 * and they moderate the place it is in. Codes, commands and buttons of every platform ask here.
 */
export async function mayLead(
  session: Pick<SessionState, 'id' | 'ownerId' | 'shared'>,
  { person, moderates = () => false }: Leader,
): Promise<boolean> {
  return session.ownerId === person || (session.shared && (await moderates(session)));
}
