import { RapportError } from '../../config/errors.js';
import { type Arrival, admit, refusalError } from '../../src/commands/admit.js';
import type { MessageId, SessionId } from '../../src/ids.js';
import type { SessionEvent } from '../../src/session/session-events.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import type { TurnTrace } from '../../src/state/trace.js';
import { toCoded } from '../web/bodies.js';
import type { WebServices } from '../web/web-services.js';
import type { ApiSession } from './api-session.js';
import type { Callers } from './callers.js';
import { answerTo, type Claim, isWhole, lookedAt } from './repeated-calls.js';
import type { ReplyChannel } from './reply-channel.js';

/** How often the transcript is looked at while another process (or a later try) answers, ms. */
const lookAgainMs = 250;

/** What a call asks, and what it is known by. */
export interface Question {
  readonly session: ApiSession;
  readonly claim: () => Promise<Claim>;
  /** The same anew, after a try that somebody else has left; null where it cannot be. */
  readonly again: (claim: Claim) => Promise<Claim | null>;
  /** Nothing of it is left; told before the caller is. */
  readonly failed: () => Promise<void>;
  readonly arrival: (claim: Claim) => Arrival;
}

interface Waiting {
  readonly callers: Callers;
  /** The client went away: its reply is stopped, but no reply to another call of the same user. */
  readonly gone: AbortSignal;
}

/**
 * Hands the message to the core and ends the reply with the turn that answers it, whichever process runs that; errors end
 * up in the channel, never lost.
 */
export async function answerQuestion(
  question: Question,
  reply: ReplyChannel,
  services: WebServices,
  waiting: Waiting,
): Promise<void> {
  const { logger, random } = services;
  const { session, claim, again, failed } = question;
  try {
    const first = await claim();
    let answer = await attempt(question, first, services, waiting);
    const anew = answer.left && !waiting.gone.aborted && reply.text === '' ? await again(first) : null;
    if (anew) answer = await attempt(question, anew, services, waiting);
    if (answer.lost) await failed();
    reply.end(answer.error, answer.text, answer.model);
  } catch (error) {
    reply.end(toCoded(error, logger, random.id()));
  } finally {
    if (session.ephemeral) await forget(session, services);
  }
}

interface Answer {
  readonly text: string;
  /** What the model's server said of it, where it was asked. */
  readonly model: NonNullable<TurnTrace['model']> | undefined;
  readonly error: RapportError | null;
  /** It ended before its end, since whoever waited for it had gone. */
  readonly left: boolean;
  /** It failed, and nothing of the call is on record. */
  readonly lost: boolean;
}

async function attempt(
  { session: { id: session }, arrival }: Question,
  claim: Claim,
  services: WebServices,
  { callers, gone }: Waiting,
): Promise<Answer> {
  const { sessions, events } = services;
  const caller = callers.enter(claim.id);
  const watch = new TurnWatch(claim.id);
  const stopOwn = (): void => {
    if (gone.aborted && caller.leave()) sessions.stop(session);
  };
  let unsubscribe = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    unsubscribe = events.subscribe(session, (event) => {
      if (watch.see(event)) caller.runs(watch.running);
      stopOwn();
      if (watch.over) resolve();
    });
  });
  gone.addEventListener('abort', stopOwn);
  try {
    const admission = await admit(services, arrival(claim));
    if (admission.outcome === 'refused') {
      const { care, notice } = admission;
      // Where there is help is a reply, not an error.
      if (care) return { text: notice, model: undefined, error: null, left: false, lost: false };
      throw refusalError(admission) ?? new RapportError('RAPPORT_E_INPUT_INVALID', { problems: notice });
    }
    await Promise.race([over, sessions.settled(session)]);
    if (watch.over) return answerOf(watch.said, watch.error);
    const said = await answeredElsewhere(session, claim, services, gone);
    return answerOf(said ?? [], said ? null : new RapportError('RAPPORT_E_SESSION_BUSY', { id: session }));
  } finally {
    gone.removeEventListener('abort', stopOwn);
    unsubscribe();
    caller.end();
  }
}

/** @param said the lines that are not the person's. */
function answerOf(said: readonly TranscriptEntry[], error: RapportError | null): Answer {
  return {
    text: said
      .filter(({ action }) => action === 'speaking')
      .map(({ text }) => text)
      .join('\n\n'),
    model: said.findLast(({ trace }) => trace)?.trace?.model,
    error,
    left: error === null && !isWhole(said),
    lost: error !== null && said.length === 0,
  };
}

/** Follows the turn that answers one message. */
class TurnWatch {
  readonly #id: MessageId;
  running = false;
  over = false;
  error: RapportError | null = null;
  said: readonly TranscriptEntry[] = [];
  /** What the turn that runs has committed. */
  #committed: readonly TranscriptEntry[] | null = null;

  constructor(id: MessageId) {
    this.#id = id;
  }

  /** @returns whether the turn began or ended with this event. */
  see(event: SessionEvent): boolean {
    if (event.type === 'entries') this.#committed = event.entries;
    if (event.type !== 'turn') return false;
    const own = event.answers.includes(this.#id);
    if (event.state === 'started') this.running = own;
    else if (own) {
      this.running = false;
      // Where nothing was committed the turn is tried again.
      this.over = this.#committed !== null;
      this.said = (this.#committed ?? []).filter(({ role }) => role !== 'seeker');
      this.error = event.error ?? null;
    }
    this.#committed = null;
    return own;
  }
}

/**
 * The answer to a message that another process answers, that is tried again, or that was answered before (a repeated call); null
 * where it was answered with nothing.
 */
async function answeredElsewhere(
  session: SessionId,
  { kind, asked }: Claim,
  { store, clock, config }: WebServices,
  gone: AbortSignal,
): Promise<readonly TranscriptEntry[] | null> {
  const { firstTokenMs, betweenTokensMs } = config.model.timeouts;
  const until = clock.elapsed() + firstTokenMs + betweenTokensMs;
  while (!gone.aborted && clock.elapsed() < until) {
    const { entries } = await store.transcript.page(session, { limit: lookedAt });
    const waiting = await store.inbox.count(session);
    const answer = kind === 'message' || waiting === 0 ? answerTo(asked, entries) : null;
    if (answer) return answer.said;
    if (waiting === 0) return null;
    await clock.sleep(lookAgainMs);
  }
  throw new RapportError('RAPPORT_E_SESSION_BUSY', { id: session });
}

/**
 * A call that brings its own history leaves nothing of it behind, and without a user nothing at all; where that fails for now, the
 * session is dropped when it is taken up again.
 */
async function forget({ id, person, isNobody }: ApiSession, { store, logger }: WebServices): Promise<void> {
  await (isNobody ? store.people.erase(person) : store.sessions.remove(id)).catch((error: unknown) =>
    logger.warn({ reason: String(error) }, 'a finished call was not cleared away'),
  );
}
