import type { API } from '@discordjs/core/http-only';
import { MessageFlags } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import { nonceOfNotice } from '../../../src/delivery/nonce.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { noMentions } from '../send/message-text.js';
import { asReply } from '../send/reply-reference.js';

export interface NoticeSenderOptions {
  readonly api: Pick<API, 'channels' | 'users'>;
  readonly store: Pick<Store, 'values'>;
  readonly logger: Logger;
}

export interface Notice {
  readonly channel: string;
  /** What takes calls to find out is found out once it is said. */
  readonly text: string | (() => Promise<string>);
  /** The message it is about. */
  readonly replyTo?: string;
  /** What is said for which message: the same is posted once, however often it is tried. */
  readonly key: string;
  /** Said once in so many ms under `once`. */
  readonly once?: { readonly key: string; readonly ms: number };
}

/**
 * Posts the bot's own plain words outside conversations. They are worded by whoever has them said (`config/locales/discord-chat.en.yaml`).
 * What cannot be said is logged; nothing rejects.
 */
export class NoticeSender {
  readonly #options: NoticeSenderOptions;

  constructor(options: NoticeSenderOptions) {
    this.#options = options;
  }

  async tell({ channel, text, replyTo, key, once }: Notice): Promise<void> {
    const { api, store, logger } = this.#options;
    try {
      if (once && !(await isFirst(store, once))) return;
      const words = typeof text === 'string' ? text : await text();
      await asReply(replyTo, (referring) =>
        api.channels.createMessage(channel, {
          content: words.slice(0, 2_000),
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
  { values }: Pick<Store, 'values'>,
  { key, ms }: { key: string; ms: number },
): Promise<boolean> {
  return (await values.increment(`discord:told:${key}`, ms)) === 1;
}
