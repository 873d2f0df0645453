import type { API } from '@discordjs/core/http-only';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { Config } from '../../../config/schema.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { faceUrl } from '../../../src/delivery/face-url.js';
import type { ChannelAddress, Placed } from '../address.js';
import type { ChannelDirectory } from '../channel-facts.js';
import { openThread } from '../threads.js';
import { buttonsOf, noMentions, plainFlags, webhookName, withName } from './message-text.js';
import { discordCode, waitOf } from './refusals.js';
import { asReply } from './reply-reference.js';
import type { Webhook, Webhooks } from './webhooks.js';

export interface ChannelSenderOptions {
  readonly api: Pick<API, 'channels' | 'webhooks'>;
  readonly webhooks: Webhooks;
  readonly directory: ChannelDirectory;
  readonly config: Config;
  readonly say: Say;
  /** Whether messages that do not mention the bot come with their text. */
  readonly readsContent: () => boolean;
}

type MessagePlace = Extract<Placed, { kind: 'message' }>;

/** Errors after which a webhook is made anew. */
const webhookGone: ReadonlySet<number> = new Set([
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.InvalidWebhookToken,
]);

/** Posts and edits in channels, threads and direct messages. Rejects with what the REST client throws. */
export class ChannelSender {
  readonly #options: ChannelSenderOptions;

  constructor(options: ChannelSenderOptions) {
    this.#options = options;
  }

  /** Posts; opens the thread first where it does not exist yet, wakes it where it is archived. */
  async post(address: ChannelAddress, message: OutgoingMessage, nonce: string): Promise<MessagePlace> {
    try {
      return await this.#create(address, message, nonce);
    } catch (error) {
      const { channel, parent, starter, title = '' } = address;
      const code = discordCode(error);
      if (code === RESTJSONErrorCodes.UnknownChannel && parent !== undefined && starter !== undefined)
        await openThread(this.#options.api.channels, this.#options.directory, {
          channel: parent,
          message: starter,
          name: title,
          plainName: this.#options.say('discordChat.thread'),
        });
      else if (code === RESTJSONErrorCodes.InvalidActionOnArchivedThread) await this.#unarchive(channel);
      else throw error;
      return await this.#create(address, message, nonce);
    }
  }

  async edit(address: ChannelAddress, place: MessagePlace, message: OutgoingMessage): Promise<void> {
    try {
      await this.#change(address, place, message);
    } catch (error) {
      if (discordCode(error) !== RESTJSONErrorCodes.InvalidActionOnArchivedThread) throw error;
      await this.#unarchive(place.channel);
      await this.#change(address, place, message);
    }
  }

  async #create(address: ChannelAddress, message: OutgoingMessage, nonce: string): Promise<MessagePlace> {
    const webhook = await this.#webhookFor(address, message);
    if (!webhook) return this.#createAsBot(address, message, nonce);
    try {
      return await this.#createAsFace(address, webhook, message, nonce);
    } catch (error) {
      const code = discordCode(error) ?? 0;
      // A name or a face that Discord does not take: the words are said all the same. So where webhooks have written too much
      // there: Discord takes about 30 a minute in a channel, and the bot's own posts are counted apart.
      if (code === RESTJSONErrorCodes.InvalidFormBodyOrContentType || waitOf(error) > 0)
        return this.#createAsBot(address, message, nonce);
      if (!webhookGone.has(code)) throw error;
      await this.#options.webhooks.forget(homeOf(address));
      const fresh = await this.#webhookFor(address, message);
      return fresh
        ? this.#createAsFace(address, fresh, message, nonce)
        : this.#createAsBot(address, message, nonce);
    }
  }

  /** The platform's own words, direct messages and answers in place are the bot's. */
  async #webhookFor(address: ChannelAddress, { kind }: OutgoingMessage): Promise<Webhook | null> {
    const { config, webhooks } = this.#options;
    if (!mayHaveFace(address, config, this.#options.readsContent()) || kind !== 'reply') return null;
    return webhooks.of(homeOf(address));
  }

  async #createAsBot(
    address: ChannelAddress,
    message: OutgoingMessage,
    nonce: string,
  ): Promise<MessagePlace> {
    const { api, say } = this.#options;
    const { channel, guild, replyTo } = address;
    const { id } = await asReply(replyTo, (referring) =>
      api.channels.createMessage(channel, {
        content: guild !== undefined && message.kind === 'reply' ? withName(message) : message.text,
        nonce,
        enforce_nonce: true,
        allowed_mentions: noMentions(),
        components: buttonsOf(message, say, nonce),
        flags: plainFlags,
        ...referring,
      }),
    );
    return { kind: 'message', channel, message: id };
  }

  async #createAsFace(
    address: ChannelAddress,
    webhook: Webhook,
    message: OutgoingMessage,
    nonce: string,
  ): Promise<MessagePlace> {
    const { api, say, config } = this.#options;
    const { channel } = address;
    const { name, avatar } = message.speaker;
    const picture = faceUrl(avatar, config.delivery.avatarUrl);
    const { id } = await api.webhooks.execute(webhook.id, webhook.token, {
      wait: true,
      content: message.text,
      username: webhookName(name),
      allowed_mentions: noMentions(),
      components: buttonsOf(message, say, nonce),
      flags: plainFlags,
      ...(picture !== null && { avatar_url: picture }),
      ...(channel !== homeOf(address) && { thread_id: channel }),
    });
    return { kind: 'message', channel, message: id, webhook: webhook.id };
  }

  async #change(address: ChannelAddress, place: MessagePlace, message: OutgoingMessage): Promise<void> {
    const { api, say, webhooks } = this.#options;
    const body = { allowed_mentions: noMentions(), components: buttonsOf(message, say) };
    if (place.webhook === undefined) {
      const isNamed = address.guild !== undefined && message.kind === 'reply';
      const content = isNamed ? withName(message) : message.text;
      await api.channels.editMessage(place.channel, place.message, { ...body, content });
      return;
    }
    const home = homeOf(address);
    const webhook = await webhooks.find(home, place.webhook);
    if (!webhook) throw new WebhookGone(place.webhook);
    await api.webhooks.editMessage(webhook.id, webhook.token, place.message, {
      ...body,
      content: message.text,
      ...(place.channel !== home && { thread_id: place.channel }),
    });
  }

  async #unarchive(thread: string): Promise<void> {
    await this.#options.api.channels.edit(thread, { archived: false });
  }
}

/** The webhook that wrote a message does not exist any more, so nobody can edit the message. */
export class WebhookGone extends Error {
  constructor(id: string) {
    super(`the webhook ${id} is gone`);
  }
}

/**
 * Whether characters speak there by a webhook, under their own name and face, where the bot may manage one. A reply to a
 * webhook mentions nobody: without Message Content Discord would keep its text from the bot.
 */
export const mayHaveFace = (
  { guild, replyTo }: ChannelAddress,
  { discord: { faces } }: Config,
  readsContent: boolean,
): boolean =>
  (faces === 'webhook' || (faces === 'auto' && readsContent)) && guild !== undefined && replyTo === undefined;

/** The channel whose webhooks write to an address: that of the thread. */
export const homeOf = ({ channel, parent }: ChannelAddress): string => parent ?? channel;
