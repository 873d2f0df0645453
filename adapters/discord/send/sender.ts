import type { API } from '@discordjs/core/http-only';
import { type APIMessage, RESTJSONErrorCodes } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { Config } from '../../../config/schema.js';
import type { Clock } from '../../../src/clock.js';
import type { OutgoingMessage, Receipt, ReplyAddress } from '../../../src/delivery/adapter.js';
import { deliveryRefused, isHopeless, isRefusal } from '../../../src/delivery/refusal.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import {
  type ChannelAddress,
  channelAddress,
  type InteractionAddress,
  isAlive,
  type Placed,
  readAddress,
  readReceiptId,
  receiptId,
} from '../address.js';
import { type ChannelDirectory, isThread } from '../channel-facts.js';
import { nonceIn } from '../interactions/reply-buttons.js';
import { ChannelSender, homeOf, WebhookGone } from './channel-sender.js';
import { discordCode, refusalOf } from './refusals.js';
import { ResponseSender } from './response-sender.js';
import { Webhooks } from './webhooks.js';

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
class Finder {
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

export interface SenderOptions {
  readonly api: API;
  readonly directory: ChannelDirectory;
  readonly applicationId: string;
  readonly userId: string;
  readonly store: Pick<Store, 'values'>;
  readonly config: Config;
  readonly say: Say;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether messages that do not mention the bot come with their text. */
  readonly readsContent: () => boolean;
  /** Discord does not take a message for good, for the bot may not write there or for another reason: somebody should hear about it. */
  readonly onRefused: (address: ChannelAddress, message: OutgoingMessage, error: unknown) => void;
}

/** The typing indicator lasts 10 s. */
const typingEveryMs = 8_000;

/** The send half of the adapter: every way a message gets to Discord, and what its refusals mean. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #channels: ChannelSender;
  readonly #responses: ResponseSender;
  readonly #finder: Finder;
  readonly #typedAt = new RecentMap<string, number>(1_000);
  /** Messages that still carry a nonce for show, by turn: taken off with the next message of the reply. */
  readonly #marked = new Map<string, () => Promise<void>>();

  constructor(options: SenderOptions) {
    const { api, directory, applicationId, store, config, say, clock, logger, readsContent } = options;
    const webhooks = new Webhooks({ api: api.channels, store, applicationId, clock, logger });
    this.#options = options;
    this.#channels = new ChannelSender({ api, webhooks, directory, config, say, readsContent });
    this.#responses = new ResponseSender({ api, say });
    this.#finder = new Finder({ api, webhooks, applicationId, userId: options.userId });
  }

  async post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    const to = readAddress(address);
    this.#unmark(message.turnId);
    const placed = await this.#refusing(() =>
      to.kind === 'interaction' ? this.#respond(to, message, nonce) : this.#postIn(to, message, nonce),
    );
    if (message.final && !message.last) this.#mark(address, message, placed);
    return { platformMessageId: receiptId(placed), at: this.#options.clock.now() };
  }

  async edit(address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    this.#unmark(message.turnId);
    await this.#refusing(() => this.#edit(address, readReceiptId(receipt.platformMessageId), message));
  }

  async findReceipt(address: ReplyAddress, nonce: string): Promise<Receipt | null> {
    const to = readAddress(address);
    const placed = await this.#refusing(() =>
      to.kind === 'interaction' ? this.#findResponse(to, nonce) : this.#finder.find(to, nonce),
    );
    return placed && { platformMessageId: receiptId(placed), at: this.#options.clock.now() };
  }

  /** Shows that somebody writes; an interaction shows it by itself. */
  async typing(address: ReplyAddress): Promise<void> {
    const to = readAddress(address);
    const now = this.#options.clock.elapsed();
    if (to.kind === 'interaction' || now - (this.#typedAt.get(to.channel) ?? -typingEveryMs) < typingEveryMs)
      return;
    this.#typedAt.set(to.channel, now);
    await this.#options.api.channels.showTyping(to.channel);
  }

  async #postIn(to: ChannelAddress, message: OutgoingMessage, nonce: string): Promise<Placed> {
    try {
      return await this.#channels.post(to, message, nonce);
    } catch (error) {
      this.#refused(to, message, error);
      throw error;
    }
  }

  /** Somebody waits for an answer that Discord does not take, now or ever. */
  #refused(to: ChannelAddress, message: OutgoingMessage, error: unknown): void {
    if (isHopeless(refusalOf(error))) this.#options.onRefused(to, message, error);
  }

  async #respond(to: InteractionAddress, message: OutgoingMessage, nonce: string): Promise<Placed> {
    if (isAlive(to, this.#options.clock.now())) {
      try {
        return await this.#responses.post(to, message, nonce);
      } catch (error) {
        const goesOn = isDead(error) || (isFull(error) && to.guild !== undefined && to.ephemeral !== 'true');
        if (!goesOn) {
          this.#refused(channelAddress(to.channel, { guild: to.guild }), message, error);
          throw error;
        }
      }
    }
    return this.#postIn(await this.#placeOf(to), message, nonce);
  }

  /** Where the conversation of an interaction goes on once its token is dead. */
  async #placeOf({ channel, guild, ephemeral }: InteractionAddress): Promise<ChannelAddress> {
    if (ephemeral === 'true')
      throw deliveryRefused('discord', {
        reason: 'the interaction is over, and only the person saw it',
        permanent: true,
      });
    if (guild === undefined) return channelAddress(channel);
    const { type, parent } = await this.#options.directory.get(channel);
    return channelAddress(channel, { guild, ...(isThread(type) && { parent }) });
  }

  async #edit(address: ReplyAddress, place: Placed, message: OutgoingMessage): Promise<void> {
    const to = readAddress(address);
    if (to.kind === 'interaction' && place.kind === 'response' && isAlive(to, this.#options.clock.now())) {
      try {
        await this.#responses.edit(to, place, message);
        return;
      } catch (error) {
        if (!isDead(error)) throw error;
      }
    }
    const at = to.kind === 'interaction' ? await this.#placeOf(to) : to;
    await this.#channels.edit(at, { ...place, kind: 'message' }, message);
  }

  async #findResponse(to: InteractionAddress, nonce: string): Promise<Placed | null> {
    if (isAlive(to, this.#options.clock.now())) {
      try {
        const found = await this.#responses.find(to, nonce);
        if (found) return found;
      } catch (error) {
        if (!isDead(error)) throw error;
      }
    }
    return to.ephemeral === 'true' ? null : this.#finder.find(await this.#placeOf(to), nonce);
  }

  #mark(address: ReplyAddress, message: OutgoingMessage, placed: Placed): void {
    this.#marked.set(message.turnId, () => this.#edit(address, placed, message));
  }

  /** The receipt of the message before is stored by now: its nonce need not be seen any more. */
  #unmark(turn: string): void {
    const takeOff = this.#marked.get(turn);
    if (!takeOff) return;
    this.#marked.delete(turn);
    takeOff().catch((error: unknown) => {
      this.#options.logger.debug({ turnId: turn, reason: reasonOf(error) }, 'a marker stays under a message');
    });
  }

  async #refusing<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof WebhookGone)
        throw deliveryRefused('discord', { reason: error.message, permanent: true }, error);
      throw isRefusal(error) ? error : refusalOf(error);
    }
  }
}

/** Of an app that only a person has installed Discord takes five further messages for an interaction. */
function isFull(error: unknown): boolean {
  return discordCode(error) === RESTJSONErrorCodes.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages;
}

/** The interaction's token does not work any more. */
function isDead(error: unknown): boolean {
  const code = discordCode(error);
  return (
    code === RESTJSONErrorCodes.InvalidWebhookToken ||
    code === RESTJSONErrorCodes.UnknownWebhook ||
    code === RESTJSONErrorCodes.UnknownInteraction
  );
}
