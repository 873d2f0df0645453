import { z } from 'zod';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { quoteFor } from '../../../src/commands/quote.js';
import { late, within } from '../../../src/within.js';
import { failureReason } from '../api/call-failure.js';
import type { SlackClients } from '../api/workspace-clients.js';
import type { Source } from './events.js';
import type { MessageIntake } from './message-intake.js';

/** Longest time a look-up may take, ms: Slack waits for the acknowledgement meanwhile. */
const longestMs = 1_000;

const messagesSchema = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        text: z.string().nullish(),
        user: z.string().optional(),
        username: z.string().optional(),
        app_id: z.string().optional(),
      }),
    )
    .default([]),
});

export interface QuotesOptions {
  readonly services: Pick<CommandServices, 'say' | 'clock' | 'logger'>;
  readonly clients: SlackClients;
}

/** Somebody's message, read so that a character can be asked about it. */
export class Quotes {
  readonly #options: QuotesOptions;

  constructor(options: QuotesOptions) {
    this.#options = options;
  }

  /**
   * A question with the message it is about. Null where the message cannot be read: the app is not in that channel, it is
   * gone, it holds no text, it is the app's own, or Slack takes too long.
   */
  async about(
    { channel, ts }: { readonly channel: string; readonly ts: string },
    question: string,
    source: Source,
    words: Pick<MessageIntake, 'plain' | 'nameOf'>,
  ): Promise<string | null> {
    const { clock, logger, say } = this.#options.services;
    const read = async (): Promise<string | null> => {
      const client = await this.#options.clients.of(source.workspace);
      // Of a message outside a thread this answers the message itself.
      const found = messagesSchema.parse(
        await client.conversations.replies({ channel, ts, latest: ts, inclusive: true, limit: 1 }),
      );
      const message = found.messages.find((one) => one.ts === ts);
      if (!message?.text || message.user === source.botUser || message.app_id === source.appId) return null;
      const [text, author] = await Promise.all([
        words.plain(message.text, source.workspace, source.botUser),
        message.user ? words.nameOf(source.workspace, message.user) : message.username,
      ]);
      return quoteFor({ text, author: author ?? say('quote.somebody'), ...(question && { question }) }, say);
    };
    const quoted = read().catch((error: unknown) => {
      logger.debug({ reason: failureReason(error) }, 'a message could not be read to be quoted');
      return null;
    });
    const result = await within(clock, longestMs, quoted);
    return result === late ? null : result;
  }
}
