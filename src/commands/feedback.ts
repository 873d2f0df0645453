import type { SessionId, TurnId } from '../ids.js';
import type { CommandServices } from './command-services.js';

/** Entries looked at together. */
const page = 100;

/** Keeps what a person thinks of the reply of a turn; null takes it back. False where that reply is not there (any more). */
export async function giveFeedback(
  { store }: Pick<CommandServices, 'store'>,
  session: SessionId,
  turn: TurnId,
  feedback: 'up' | 'down' | null,
): Promise<boolean> {
  let before: number | undefined;
  for (;;) {
    const found = await store.transcript.page(session, {
      limit: page,
      ...(before !== undefined && { before }),
    });
    const reply = found.entries.findLast(
      ({ turnId, role, action }) => turnId === turn && role === 'supporter' && action === 'speaking',
    );
    if (reply) return store.transcript.feedback(session, reply.id, feedback);
    if (found.before === null) return false;
    before = found.before;
  }
}
