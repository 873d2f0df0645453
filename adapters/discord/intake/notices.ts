import type { API } from '@discordjs/core/http-only';
import { MessageFlags } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { nonceOfNotice } from '../../../src/delivery/nonce.js';
import { type SessionId, turnId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { ChannelAddress } from '../address.js';
import { userOf } from '../ids.js';
import { noMentions } from '../send/message-text.js';
import { asReply } from '../send/reply-reference.js';

export interface NoticesOptions {
  readonly api: Pick<API, 'channels' | 'users'>;
  readonly store: Pick<Store, 'platform'>;
  readonly logger: Logger;
}

export interface Notice {
  readonly channel: string;
  readonly text: string;
  /** The message it is about. */
  readonly replyTo?: string;
  /** What is said for which message: the same is posted once, however often it is tried. */
  readonly key: string;
  /** Said once in so many ms under `once`. */
  readonly once?: { readonly key: string; readonly ms: number };
}

/** The bot's own plain words outside conversations. What cannot be said is logged; nothing rejects. */
export class Notices {
  readonly #options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  async tell({ channel, text, replyTo, key, once }: Notice): Promise<void> {
    const { api, store, logger } = this.#options;
    try {
      if (once && !(await isFirst(store, once))) return;
      await asReply(replyTo, (referring) =>
        api.channels.createMessage(channel, {
          content: text.slice(0, 2_000),
          nonce: nonceOfNotice(key),
          enforce_nonce: true,
          allowed_mentions: noMentions(),
          flags: MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications,
          ...referring,
        }),
      );
    } catch (error) {
      logger.info({ channel, reason: reasonOf(error) }, 'a notice could not be posted');
    }
  }

  /** Says something to a person in private. */
  async tellInPrivate(user: string, told: Omit<Notice, 'channel' | 'replyTo'>): Promise<void> {
    const { api, logger } = this.#options;
    try {
      const { id } = await api.users.createDM(user);
      await this.tell({ ...told, channel: id });
    } catch (error) {
      logger.info({ reason: reasonOf(error) }, 'a person could not be told in private');
    }
  }
}

/** Whether something has not been said within its time; counts as said from now on. */
async function isFirst(
  { platform }: Pick<Store, 'platform'>,
  { key, ms }: { key: string; ms: number },
): Promise<boolean> {
  return (await platform.increment(`discord:told:${key}`, ms)) === 1;
}

export interface ForbiddenOptions {
  readonly notices: Notices;
  readonly store: Pick<Store, 'sessions' | 'outbox'>;
  readonly say: Say;
  readonly logger: Logger;
}

const day = 86_400_000;

/** Tells the person who waits for an answer that the bot may not write where they asked, which permission is missing and who can grant it. */
export class Forbidden {
  readonly #options: ForbiddenOptions;

  constructor(options: ForbiddenOptions) {
    this.#options = options;
  }

  /** Goes on by itself; what fails is logged. */
  tell(address: ChannelAddress, message: OutgoingMessage): void {
    const { logger } = this.#options;
    logger.warn(
      { channel: address.channel, permissions: ['Send Messages', 'Send Messages in Threads'] },
      'the bot may not write in a channel in which it was asked something',
    );
    this.#tell(address, message).catch((error: unknown) =>
      logger.info({ reason: reasonOf(error) }, 'a person could not be told that the bot may not write'),
    );
  }

  async #tell(
    { channel, parent = channel, guild }: ChannelAddress,
    { sessionId }: OutgoingMessage,
  ): Promise<void> {
    const { notices, store, say } = this.#options;
    const session = await store.sessions.get(sessionId as SessionId);
    const user = session && userOf(session.ownerId);
    if (!user || guild === undefined) return;
    const key = `forbidden:${parent}:${user}`;
    await notices.tellInPrivate(user, {
      text: say('discordChat.cannotWrite', { channel: `<#${parent}>` }),
      key: `${key}:${turnId(session.id, session.turnCount)}`,
      once: { key, ms: day },
    });
  }
}
