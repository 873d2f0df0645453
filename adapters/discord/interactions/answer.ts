import type { EditInteractionResponseOptions } from '@discordjs/core/http-only';
import { DiscordAPIError, type RawFile } from '@discordjs/rest';
import {
  type APIInteraction,
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  MessageFlags,
  RESTJSONErrorCodes,
} from 'discord-api-types/v10';
import { RapportError } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Choice } from '../../../src/commands/steer.js';
import { retry } from '../../../src/retry.js';
import { late, within } from '../../../src/within.js';
import { tryOnceMore } from '../send/refusals.js';
import type { DiscordApi } from './context.js';
import type { MessageBody } from './message-body.js';

/** Who sees an answer: everybody in the channel, or the person alone. */
export type Audience = 'everybody' | 'person';

/** Thrown where an interaction is not ours to answer (any more); nobody can be told. */
export class NotAnswerable extends Error {
  override readonly name = 'NotAnswerable';
  /** `expired`: the 3 s (or the 15 min of the token) are over. `taken`: it was acknowledged before, by another process or before a crash. */
  readonly why: 'expired' | 'taken';

  constructor(why: 'expired' | 'taken', cause: unknown) {
    super(`the interaction is ${why}`, { cause });
    this.why = why;
  }
}

/**
 * The answer to one interaction. An interaction is acknowledged once, within 3 s: by a deferral, or at once by a form or
 * choices. What is shown afterwards edits the answer.
 */
export class Answer {
  readonly #api: DiscordApi['interactions'];
  readonly #interaction: Pick<APIInteraction, 'id' | 'token' | 'application_id'>;
  #state: 'waiting' | 'deferred' | 'updating' | 'shown' | 'closed' = 'waiting';
  #audience: Audience = 'person';
  #repeated = false;

  constructor(
    api: DiscordApi['interactions'],
    interaction: Pick<APIInteraction, 'id' | 'token' | 'application_id'>,
  ) {
    this.#api = api;
    this.#interaction = interaction;
  }

  /** Somebody had acknowledged the interaction before: a process that died over it, or another that works at it. */
  get repeated(): boolean {
    return this.#repeated;
  }

  /**
   * "… is thinking".
   * @param repeatable the work may be done again by whoever gets the interaction a second time.
   * @throws NotAnswerable
   */
  async defer(audience: Audience, { repeatable = false } = {}): Promise<void> {
    const { id, token } = this.#interaction;
    this.#audience = audience;
    const flags = audience === 'person' ? { flags: MessageFlags.Ephemeral as const } : {};
    await this.#acknowledge(() => this.#api.defer(id, token, flags), repeatable);
    this.#state = 'deferred';
  }

  /** Keeps the message whose component was used as it is; {@link show} then changes it. @throws NotAnswerable */
  async deferUpdate({ repeatable = false } = {}): Promise<void> {
    const { id, token } = this.#interaction;
    await this.#acknowledge(() => this.#api.deferMessageUpdate(id, token), repeatable);
    this.#state = 'updating';
  }

  /** Opens a form. It has to be the first thing that is done. @throws NotAnswerable */
  async form(form: APIModalInteractionResponseCallbackData): Promise<void> {
    const { id, token } = this.#interaction;
    await this.#acknowledge(() => this.#api.createModal(id, token, form), false);
    this.#state = 'closed';
  }

  /** Choices for what is being typed. @throws NotAnswerable */
  async choices(choices: readonly Choice[]): Promise<void> {
    const { id, token } = this.#interaction;
    const body = { choices: choices.map(({ name, value }) => ({ name, value })) };
    await this.#acknowledge(() => this.#api.createAutocompleteResponse(id, token, body), false);
    this.#state = 'closed';
  }

  /** Shows a message in place of the deferral, or of the message whose component was used. @returns the message as it stands. */
  async show(body: MessageBody, files?: RawFile[]): Promise<APIMessage> {
    return this.#edit({ ...body, ...(files && { files }) });
  }

  /** Shows plain text (no components) in place of the deferral, mentioning nobody: what a thread can hang on. */
  async showText(content: string): Promise<APIMessage> {
    return this.#edit({ content, allowed_mentions: { parse: [] } });
  }

  /** Changes the buttons of the message whose component was used, whatever else it holds. */
  async changeButtons(components: MessageBody['components']): Promise<void> {
    await this.#edit({ components });
  }

  /** Takes the answer away again (the message whose component was used, where {@link deferUpdate} came before). */
  async withdraw(): Promise<void> {
    const { application_id, token } = this.#interaction;
    const remove = () => this.#api.deleteReply(application_id, token);
    await this.#late(() => retry(remove, tryOnceMore)).catch((error: unknown) => {
      if (!isCode(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
    });
  }

  /** Tells the person something that nobody else sees, whatever was shown before. */
  async tell(body: MessageBody): Promise<void> {
    const { id, token } = this.#interaction;
    const toPerson = { ...body, flags: body.flags | MessageFlags.Ephemeral };
    switch (this.#state) {
      case 'waiting':
        await this.#acknowledge(() => this.#api.reply(id, token, toPerson), false);
        this.#state = 'shown';
        return;
      case 'deferred':
        if (this.#audience === 'person') {
          await this.show(body);
          return;
        }
        // The first follow-up to a deferral takes its place and its audience, and there is none after a deferral that was
        // deleted (discord-api-docs#2739, #3087): the deferral becomes a message, and goes when the person has been told.
        await this.showText('…');
        await this.#followUp(toPerson);
        await this.withdraw();
        return;
      default:
        await this.#followUp(toPerson);
    }
  }

  /** Says something while the reply itself is still to come: in place of the deferral (the reply then follows), else below. */
  async remark(body: MessageBody): Promise<void> {
    if (this.#state === 'deferred') await this.show(body);
    else await this.tell(body);
  }

  async #edit(body: EditInteractionResponseOptions): Promise<APIMessage> {
    const { application_id, token } = this.#interaction;
    const shown = await this.#late(() =>
      retry(() => this.#api.editReply(application_id, token, body), tryOnceMore),
    );
    this.#state = 'shown';
    return shown;
  }

  async #followUp(body: MessageBody): Promise<void> {
    const { application_id, token } = this.#interaction;
    await this.#late(() => this.#api.followUp(application_id, token, body));
    this.#state = 'shown';
  }

  async #acknowledge(send: () => Promise<unknown>, repeatable: boolean): Promise<void> {
    if (this.#state !== 'waiting') throw new Error('the interaction was acknowledged twice');
    let isLost = false;
    // There are 3 s; if the first one arrived, the second is told so.
    const sent = retry(send, (error, tries) => {
      if (!tryOnceMore(error, tries)) return false;
      isLost = true;
      return true;
    });
    await sent.catch((error: unknown) => {
      const isTaken = isCode(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged);
      if (isTaken && isLost) return;
      if (isTaken && repeatable) {
        this.#repeated = true;
        return;
      }
      if (isTaken) throw new NotAnswerable('taken', error);
      throw isCode(error, RESTJSONErrorCodes.UnknownInteraction)
        ? new NotAnswerable('expired', error)
        : error;
    });
  }

  async #late<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const gone = [
        RESTJSONErrorCodes.UnknownWebhook,
        RESTJSONErrorCodes.InvalidWebhookToken,
        RESTJSONErrorCodes.UnknownInteraction,
      ];
      throw gone.some((code) => isCode(error, code)) ? new NotAnswerable('expired', error) : error;
    }
  }
}

/** Whether Discord refused a request with this code. */
export function isCode(error: unknown, code: RESTJSONErrorCodes): error is DiscordAPIError {
  return error instanceof DiscordAPIError && error.code === code;
}

/** What has to be known before the first response must be here by then: Discord waits 3 s, the way there and back included. */
const patienceMs = 1_500;

/**
 * A value that a first response needs (a form cannot be opened after a deferral).
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE when it takes too long.
 */
export async function inTime<T>(clock: Clock, wanted: Promise<T>, ms = patienceMs): Promise<T> {
  const value = await within(clock, ms, wanted);
  if (value === late)
    throw new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: `no answer within ${ms} ms` });
  return value;
}
