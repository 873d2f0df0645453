import { RapportError } from '../../config/errors.js';
import { admit, refusalError } from '../../src/commands/admit.js';
import type { PersonId, SessionId } from '../../src/ids.js';
import type { SessionEvent } from '../../src/session/session-events.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import { toCoded } from '../web/bodies.js';
import type { WebServices } from '../web/web-services.js';
import type { ApiSession } from './api-session.js';
import type { ReplyChannel } from './reply-channel.js';

/** How often the transcript is looked at while another process (or a later try) answers, ms. */
const lookAgainMs = 250;

/**
 * Hands the message to the core and ends the reply with the turn that answers it, whichever process runs that; errors end
 * up in the channel, never lost.
 * @param gone the client went away: its reply is stopped, but no reply to another call of the same user.
 */
export async function awaitReply(
  { arrival, ephemeral }: ApiSession,
  reply: ReplyChannel,
  services: WebServices,
  gone: AbortSignal,
): Promise<void> {
  const { sessions, events, logger, random } = services;
  const { session: sessionId, id } = arrival;
  const watch = new TurnWatch(id);
  const stopOwn = (): void => {
    if (gone.aborted && watch.running) sessions.stop(sessionId);
  };
  const unsubscribe = events.subscribe(sessionId, (event) => {
    watch.see(event);
    stopOwn();
    if (watch.over) reply.end(watch.error, said(watch.entries), endOf(watch.entries));
  });
  gone.addEventListener('abort', stopOwn);
  try {
    const admission = await admit(services, arrival);
    if (admission.outcome === 'refused') {
      const { care, notice } = admission;
      // Where there is help is a reply, not an error.
      if (care) return reply.end(null, notice);
      throw refusalError(admission) ?? new RapportError('RAPPORT_E_INPUT_INVALID', { problems: notice });
    }
    await sessions.settled(sessionId);
    if (!watch.over) {
      const entries = await answeredElsewhere(sessionId, id, services, gone);
      reply.end(null, said(entries), endOf(entries));
    }
  } catch (error) {
    reply.end(toCoded(error, logger, random.id()));
  } finally {
    gone.removeEventListener('abort', stopOwn);
    unsubscribe();
    if (ephemeral) await forget(arrival.person, services);
  }
}

/** Follows the turn that answers one message. */
class TurnWatch {
  readonly #id: string;
  running = false;
  over = false;
  error: RapportError | null = null;
  entries: readonly TranscriptEntry[] = [];
  #committed = false;

  constructor(id: string) {
    this.#id = id;
  }

  see(event: SessionEvent): void {
    if (event.type === 'entries' && this.running) {
      this.entries = event.entries;
      this.#committed = true;
    }
    if (event.type !== 'turn') return;
    if (event.state === 'started') this.running = event.answers.some((id) => id === this.#id);
    else if (this.running) {
      this.running = false;
      this.error = event.error ?? null;
      // Where nothing was committed the turn is tried again.
      this.over = this.#committed;
    }
  }
}

/** The answer to a message that another process answers, that is tried again, or that was answered before (a repeated call). */
async function answeredElsewhere(
  session: SessionId,
  id: string,
  { store, clock, config }: WebServices,
  gone: AbortSignal,
): Promise<readonly TranscriptEntry[]> {
  const { firstTokenMs, betweenTokensMs } = config.model.timeouts;
  const until = clock.elapsed() + firstTokenMs + betweenTokensMs;
  while (!gone.aborted && clock.elapsed() < until) {
    const { entries } = await store.transcript.page(session, { limit: 60 });
    const asked = entries.find((entry) => entry.id === id);
    if (asked) return entries.filter(({ turnId }) => turnId === asked.turnId);
    if ((await store.inbox.count(session)) === 0) break;
    await clock.sleep(lookAgainMs);
  }
  throw new RapportError('RAPPORT_E_SESSION_BUSY', { id: session });
}

function said(entries: readonly TranscriptEntry[]): string {
  const spoken = entries.filter(({ role, action }) => role !== 'seeker' && action === 'speaking');
  return spoken.map(({ text }) => text).join('\n\n');
}

function endOf(entries: readonly TranscriptEntry[]): string {
  return entries.findLast(({ trace }) => trace)?.trace?.model?.finishReason ?? 'stop';
}

/** A call without a user leaves nothing behind; where that fails for now, the session is dropped when it is taken up again. */
async function forget(person: PersonId, { store, logger }: WebServices): Promise<void> {
  await store.people
    .erase(person)
    .catch((error: unknown) =>
      logger.warn({ reason: String(error) }, 'a finished call was not cleared away'),
    );
}
