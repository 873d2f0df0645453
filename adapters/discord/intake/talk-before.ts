import type { API } from '@discordjs/core/http-only';
import { type APIMessage, MessageType } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { QuotedLine } from '../../../src/commands/quote.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { isLater } from '../ids.js';
import { cleanText, type HeardMessage, hear, type Mentioned, type Names, type Self } from './read-message.js';

/** Messages looked at before the one that calls. */
const lookedAt = 50;

export interface TalkBeforeOptions {
  readonly api: Pick<API, 'channels'>;
  readonly self: Self;
  readonly logger: Logger;
}

/** What people said in a thread or forum post before they called the bot into it. */
export interface Talk {
  /** Oldest first. */
  readonly lines: readonly QuotedLine[];
  /** Discord keeps some of it from the bot. */
  readonly isWithheld: boolean;
}

/** Reads what was said in a thread of others, as far as Discord shows it. */
export class TalkBefore {
  readonly #options: TalkBeforeOptions;

  constructor(options: TalkBeforeOptions) {
    this.#options = options;
  }

  /** @param after only what came later than this message. Never rejects: what cannot be read was not said. */
  async read({ id, channel_id: channel }: HeardMessage, names: Names, after?: string): Promise<Talk> {
    const { api, self, logger } = this.#options;
    try {
      const before = await api.channels.getMessages(channel, { before: id, limit: lookedAt });
      const heard = before
        .reverse()
        .map((message) => startOf(message))
        .filter((message) => hear(message as HeardMessage, self) !== 'ours')
        .filter((message) => after === undefined || isLater(message.id, after));
      const spoken = heard.filter(
        ({ type }) => type === MessageType.Default || type === MessageType.Reply || type === undefined,
      );
      const lines = spoken.map(({ content, mentions, author }) => ({
        text: cleanText(content, mentions as Mentioned, names),
        author: author.global_name ?? author.username,
      }));
      return {
        lines: lines.filter(({ text }) => text !== ''),
        isWithheld: spoken.some(
          ({ content, attachments, sticker_items }) =>
            content === '' && !attachments?.length && !sticker_items?.length,
        ),
      };
    } catch (error) {
      logger.debug(
        { channel, reason: reasonOf(error) },
        'what was said before in a thread could not be read',
      );
      return { lines: [], isWithheld: false };
    }
  }
}

/** Of a thread that was made from a message, that message stands at its beginning as one that refers to it. */
function startOf(message: APIMessage): APIMessage {
  if (message.type !== MessageType.ThreadStarterMessage || !message.referenced_message) return message;
  return message.referenced_message;
}
