import type { API } from '@discordjs/core/http-only';
import { type APIMessageTopLevelComponent, MessageFlags } from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { InteractionAddress, Placed } from '../address.js';
import { nonceIn } from '../interactions/reply-buttons.js';
import { buttonsOf, noMentions, plainFlags, withName } from './message-text.js';

export interface ResponseSenderOptions {
  readonly api: Pick<API, 'interactions'>;
  readonly say: Say;
}

const rememberedOriginals = 2_000;

interface ResponseBody {
  readonly content: string;
  readonly allowed_mentions: { parse: [] };
  readonly components: APIMessageTopLevelComponent[];
  readonly flags: MessageFlags;
}

type ResponsePlace = Extract<Placed, { kind: 'response' }>;

/**
 * Answers an interaction while its token lives: the first message is the interaction's own response (a PATCH, which may be
 * repeated), further ones are follow-ups. Rejects with what the REST client throws.
 */
export class ResponseSender {
  readonly #options: ResponseSenderOptions;
  /** Which message has become an interaction's own response. */
  readonly #originals = new RecentMap<string, string>(rememberedOriginals);

  constructor(options: ResponseSenderOptions) {
    this.#options = options;
  }

  async post(address: InteractionAddress, message: OutgoingMessage, nonce: string): Promise<ResponsePlace> {
    const { api } = this.#options;
    const { applicationId, token, channel, ephemeral } = address;
    const body = this.#body(address, message, nonce);
    if (await this.#isOriginal(address, nonce)) {
      const { id } = await api.interactions.editReply(applicationId, token, body);
      return { kind: 'response', channel, message: id };
    }
    const hidden = ephemeral === 'true' ? MessageFlags.Ephemeral : 0;
    const { id } = await api.interactions.followUp(applicationId, token, {
      ...body,
      flags: plainFlags | hidden,
    });
    return { kind: 'response', channel, message: id };
  }

  async edit(address: InteractionAddress, place: ResponsePlace, message: OutgoingMessage): Promise<void> {
    const { applicationId, token } = address;
    await this.#options.api.interactions.editReply(
      applicationId,
      token,
      this.#body(address, message),
      place.message,
    );
  }

  /** The own response, where it carries the nonce; follow-ups cannot be listed. */
  async find(address: InteractionAddress, nonce: string): Promise<ResponsePlace | null> {
    const { applicationId, token, channel } = address;
    const { id, components } = await this.#options.api.interactions.getOriginalReply(applicationId, token);
    return nonceIn(components) === nonce ? { kind: 'response', channel, message: id } : null;
  }

  /** Whether the message is, or is to become, the interaction's own response: nobody else has taken it. */
  async #isOriginal(
    { applicationId, interactionId, token }: InteractionAddress,
    nonce: string,
  ): Promise<boolean> {
    const taken = this.#originals.get(interactionId);
    if (taken !== undefined) return taken === nonce;
    const { flags = 0, components } = await this.#options.api.interactions.getOriginalReply(
      applicationId,
      token,
    );
    const carried = nonceIn(components);
    const isFree = (flags & MessageFlags.Loading) !== 0;
    this.#originals.set(interactionId, isFree ? nonce : (carried ?? ''));
    return isFree || carried === nonce;
  }

  #body(address: InteractionAddress, message: OutgoingMessage, nonce?: string): ResponseBody {
    const isNamed = message.kind === 'reply' && (address.guild !== undefined || address.ephemeral === 'true');
    return {
      content: isNamed ? withName(message) : message.text,
      allowed_mentions: noMentions(),
      components: buttonsOf(message, this.#options.say, nonce),
      // A deferral cannot carry it, so each edit does.
      flags: plainFlags,
    };
  }
}
