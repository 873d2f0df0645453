import { RapportError } from '../../config/errors.js';
import { messageId } from '../../src/ids.js';
import type { WebServices } from '../web/web-services.js';
import { type ApiSession, apiSession, arrivalOf, isInDanger } from './api-session.js';
import { answerQuestion } from './await-reply.js';
import type { ApiCall } from './call.js';
import { Callers } from './callers.js';
import type { OpenAiApiAdapter } from './openai-api-adapter.js';
import { RepeatedCalls, type SentCall } from './repeated-calls.js';
import { ReplyChannel } from './reply-channel.js';

/** A call whose reply has begun. */
export interface Asked {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** The character that answers. */
  readonly model: string;
  readonly reply: ReplyChannel;
}

/** Takes calls in, whichever form they came in. */
export class Desk {
  readonly #services: WebServices;
  readonly #adapter: OpenAiApiAdapter;
  readonly #repeated: RepeatedCalls;
  readonly #callers = new Callers();

  constructor(services: WebServices, adapter: OpenAiApiAdapter) {
    this.#services = services;
    this.#adapter = adapter;
    this.#repeated = new RepeatedCalls(services);
  }

  /**
   * Asks the character, and resolves when its reply has begun; for a call that is not streamed when it is whole.
   * @param overRate why it is not heard, unless the user is in danger.
   * @throws RapportError where nothing came of it, with the cause.
   */
  async ask(call: ApiCall, request: Request, overRate?: RapportError): Promise<Asked> {
    const { clock, random } = this.#services;
    const id = random.id();
    // Before anything is begun for it.
    if (overRate && !(await isInDanger(call, id, this.#services))) throw overRate;
    const session = await apiSession(call, id, this.#services);
    const reply = new ReplyChannel(call.wishes?.begun);
    const stopListening = this.#adapter.listen(id, reply.push);
    const answered = this.#answer(call, session, id, request, reply).finally(stopListening);
    if (!call.stream) await answered;
    if (!(await reply.begun())) {
      await answered;
      throw reply.error ?? new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts: 1 });
    }
    return { id, created: Math.floor(clock.now() / 1_000), model: session.characterId, reply };
  }

  #answer(
    call: ApiCall,
    session: ApiSession,
    requestId: string,
    request: Request,
    reply: ReplyChannel,
  ): Promise<void> {
    const services = this.#services;
    const repeated = this.#repeated;
    const sent = sentCall(request);
    const own = messageId(requestId);
    return answerQuestion(
      {
        session,
        claim: async () =>
          session.ephemeral
            ? { kind: 'message', id: own, asked: own }
            : repeated.claim(session.id, call, sent, session.isNew),
        again: async ({ asked }) => (session.ephemeral ? null : repeated.unanswered(session.id, asked)),
        failed: async () => {
          if (!session.ephemeral) await repeated.forget(session.id, call, sent);
        },
        arrival: (claim) => arrivalOf(call, session, claim, requestId, services),
      },
      reply,
      services,
      { callers: this.#callers, gone: request.signal },
    );
  }
}

/** openai-node and openai-python number the tries of a call. */
function sentCall({ headers }: Request): SentCall {
  return {
    key: headers.get('idempotency-key')?.slice(0, 200) ?? null,
    retry: Number(headers.get('x-stainless-retry-count') ?? 0) > 0,
  };
}
