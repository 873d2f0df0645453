import type { API } from '@discordjs/core/http-only';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { SessionId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { type ChannelAddress, channelAddress } from '../address.js';
import { type ChannelDirectory, type ChannelFacts, isThread, takesThreads } from '../channel-facts.js';
import { channelSession, dmSession, threadSession } from '../ids.js';
import { discordCode, isForbidden, isPassing } from '../send/refusals.js';
import { openThread, threadName } from '../threads.js';
import { answersUs, type HeardMessage, type Self } from './read-message.js';

/** Where a message belongs: its conversation, and where that is answered. */
export interface MessageVenue {
  readonly sessionId: SessionId;
  readonly address: ChannelAddress;
  /** Others read along. */
  readonly shared: boolean;
  /** Why there is no thread, where there should be one; told to the person. */
  readonly problem?: 'noThreads' | 'threadsFull';
}

export interface MessageVenuesOptions {
  readonly api: Pick<API, 'channels'>;
  readonly directory: ChannelDirectory;
  readonly self: Self;
  readonly store: Pick<Store, 'sessions'>;
  readonly say: Say;
  readonly logger: Logger;
}

/** The message was deleted before a thread could be made from it. */
export class MessageGone extends Error {}

/** Finds the conversation of a message, and opens its thread where it begins one. */
export class MessageVenues {
  readonly #options: MessageVenuesOptions;

  constructor(options: MessageVenuesOptions) {
    this.#options = options;
  }

  direct({ channel_id }: HeardMessage): MessageVenue {
    return { sessionId: dmSession(channel_id), address: channelAddress(channel_id), shared: false };
  }

  /** The conversation that goes on where a message was written, if one does. */
  held({ channel_id: channel, author }: HeardMessage, facts: ChannelFacts | undefined): SessionId {
    if (!facts) return dmSession(channel);
    return isThread(facts.type) ? threadSession(channel) : channelSession(channel, author.id);
  }

  /** Whether messages in a channel are for the bot without a mention: a thread it opened for a conversation. */
  async isOurThread(channel: string): Promise<boolean> {
    const { directory, store, self } = this.#options;
    const known = directory.peek(channel);
    if (known) return isThread(known.type) && known.owner === self.userId;
    if (!(await store.sessions.get(threadSession(channel)))) return false;
    const { type, owner } = await directory.get(channel);
    return isThread(type) && owner === self.userId;
  }

  /**
   * The conversation of a message in a guild that is for the bot.
   * @throws MessageGone; what the REST client throws where trying again can help.
   */
  async inGuild(
    message: HeardMessage,
    guild: string,
    facts: ChannelFacts,
    text: string,
  ): Promise<MessageVenue> {
    const { id, channel_id: channel, author } = message;
    if (isThread(facts.type)) return this.#thread(channel, guild, facts.parent);
    const inPlace = channelSession(channel, author.id);
    const here: MessageVenue = {
      sessionId: inPlace,
      address: { ...channelAddress(channel, { guild }), replyTo: id },
      shared: true,
    };
    if (answersUs(message, this.#options.self) && (await this.#options.store.sessions.get(inPlace)))
      return here;
    if (!takesThreads(facts.type)) return here;
    const title = threadName(text, this.#options.say('discordChat.thread'));
    const problem = await this.#open(channel, id, title);
    if (problem === 'gone') throw new MessageGone('the message was deleted');
    if (problem) return { ...here, ...(problem !== 'refused' && { problem }) };
    const { sessionId, address, shared } = this.#thread(id, guild, channel);
    return { sessionId, address: { ...address, starter: id, title }, shared };
  }

  #thread(thread: string, guild: string, parent: string | undefined): MessageVenue {
    return {
      sessionId: threadSession(thread),
      address: channelAddress(thread, { guild, parent }),
      shared: true,
    };
  }

  /** Null where the thread is open, or may be opened with the reply. */
  async #open(
    channel: string,
    message: string,
    name: string,
  ): Promise<'noThreads' | 'threadsFull' | 'refused' | 'gone' | null> {
    const { api, directory, logger, say } = this.#options;
    try {
      await openThread(api.channels, directory, {
        channel,
        message,
        name,
        plainName: say('discordChat.thread'),
      });
      return null;
    } catch (error) {
      if (isForbidden(error)) return 'noThreads';
      const code = discordCode(error);
      if (code === RESTJSONErrorCodes.UnknownMessage || code === RESTJSONErrorCodes.UnknownChannel)
        return 'gone';
      if (code === RESTJSONErrorCodes.MaximumActiveThreads) return 'threadsFull';
      logger.info({ channel, reason: reasonOf(error) }, 'a thread could not be opened');
      return isPassing(error) ? null : 'refused';
    }
  }
}
