import type { SessionId, TurnId } from '../ids.js';
import { type FeedbackServices, observeVote } from '../session/observe-match.js';

/** Entries looked at together. */
const page = 100;

/**
 * Keeps what a person thinks of the reply of a turn, and learns from it who suits whom; null takes it back. False where that reply is not there (any more).
 */
export async function giveFeedback(
  services: FeedbackServices,
  session: SessionId,
  turn: TurnId,
  feedback: 'up' | 'down' | null,
): Promise<boolean> {
  const { store } = services;
  let before: number | undefined;
  for (;;) {
    const found = await store.transcript.page(session, {
      limit: page,
      ...(before !== undefined && { before }),
    });
    const reply = found.entries.findLast(
      ({ turnId, role, action }) => turnId === turn && role === 'supporter' && action === 'speaking',
    );
    if (reply) return keepFeedback(services, session, reply.id, feedback);
    if (found.before === null) return false;
    before = found.before;
  }
}

/** The same for an entry of the transcript. */
export async function keepFeedback(
  services: FeedbackServices,
  session: SessionId,
  entryId: string,
  feedback: 'up' | 'down' | null,
): Promise<boolean> {
  const { store } = services;
  const kept = await store.transcript.feedback(session, entryId, feedback);
  const state = kept ? await store.sessions.get(session) : null;
  if (state) await observeVote(services, state, entryId, feedback);
  return kept;
}
