import type { API } from '@discordjs/core/http-only';
import { type APIMessage, RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Placed } from '../address.js';
import type { ChannelAddress } from '../interaction-port.js';
import { nonceIn } from '../interactions/reply-buttons.js';
import { homeOf } from './channel-sender.js';
import { discordCode } from './refusals.js';
import type { Webhooks } from './webhooks.js';

export interface FinderOptions {
  readonly api: Pick<API, 'channels' | 'webhooks'>;
  readonly webhooks: Webhooks;
  readonly applicationId: string;
  readonly userId: string;
}

/** How far back a message is looked for whose receipt was lost. */
const lookedThrough = 100;
/** Messages of a webhook that are asked for one by one, the latest first. */
const askedFor = 12;

/** Finds a message of ours in a channel by the nonce it was posted under. */
export class Finder {
  readonly #options: FinderOptions;

  constructor(options: FinderOptions) {
    this.#options = options;
  }

  /** Null where there is none. @throws what the REST client throws. */
  async find(address: ChannelAddress, nonce: string): Promise<Placed | null> {
    const { channel } = address;
    try {
      const messages = await this.#options.api.channels.getMessages(channel, { limit: lookedThrough });
      const own = messages.filter((message) => this.#isOurs(message));
      const found = own.find((message) => carries(message, nonce)) ?? (await this.#ask(address, own, nonce));
      if (!found) return null;
      const { id, webhook_id: webhook } = found;
      const isFace = webhook !== undefined && webhook !== this.#options.applicationId;
      return { kind: 'message', channel, message: id, ...(isFace && { webhook }) };
    } catch (error) {
      // The thread was never opened: nothing can have been posted.
      if (discordCode(error) === RESTJSONErrorCodes.UnknownChannel) return null;
      throw error;
    }
  }

  /** Without the message content intent a history comes without the buttons of webhooks; the webhook itself sees them. */
  async #ask(address: ChannelAddress, own: readonly APIMessage[], nonce: string): Promise<APIMessage | null> {
    const { api, webhooks } = this.#options;
    const hidden = own.filter(
      ({ webhook_id, content, components }) => webhook_id && content === '' && !components?.length,
    );
    if (hidden.length === 0) return null;
    const home = homeOf(address);
    const webhook = await webhooks.of(home);
    for (const { id, webhook_id } of hidden.slice(0, askedFor)) {
      if (!webhook || webhook_id !== webhook.id) continue;
      const thread = address.channel === home ? {} : { thread_id: address.channel };
      const message = await api.webhooks.getMessage(webhook.id, webhook.token, id, thread);
      if (carries(message, nonce)) return message;
    }
    return null;
  }

  #isOurs({ author, application_id }: APIMessage): boolean {
    const { userId, applicationId } = this.#options;
    return author.id === userId || application_id === applicationId;
  }
}

function carries(message: APIMessage, nonce: string): boolean {
  return message.nonce === nonce || nonceIn(message.components) === nonce;
}
