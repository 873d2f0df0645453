import { z } from 'zod';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { type QuotedLine, quoteFor, quoteTalk } from '../../../src/commands/quote.js';
import { RecentMap } from '../../../src/recent-map.js';
import { late, within } from '../../../src/within.js';
import { failureReason } from '../api/call-failure.js';
import type { SlackClients } from '../api/workspace-clients.js';
import type { Source } from './events.js';
import type { MessageIntake } from './message-intake.js';
import { wordsOf } from './message-words.js';

/** Longest time a look-up may take, ms: Slack waits for the acknowledgement meanwhile. */
const longestMs = 1_000;
/** Messages asked for at once: the most Slack hands out. Of an app that is distributed outside the Marketplace it hands out 15. */
const pageSize = 1_000;
/** Pages that are read of a thread, where Slack allows a second one. */
const maxPages = 3;
/** Lines of a thread that are looked at for the quotation; their names are asked for. */
const maxLines = 60;
/** What was read of a thread is kept so long: an event that Slack sends again costs no second call. */
const keptMs = 120_000;

const messageSchema = z.object({
  ts: z.string(),
  text: z.string().nullish(),
  user: z.string().optional(),
  username: z.string().optional(),
  app_id: z.string().optional(),
  bot_profile: z.object({ name: z.string().optional() }).optional().catch(undefined),
  subtype: z.string().optional(),
  attachments: z.array(z.unknown()).optional().catch([]),
  blocks: z.array(z.unknown()).optional().catch([]),
});
const pageSchema = z.object({
  messages: z.array(messageSchema).default([]),
  has_more: z.boolean().catch(false),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional().catch(undefined),
});
type FoundMessage = z.infer<typeof messageSchema>;

/** Who turns Slack's markup and ids into words. */
type Words = Pick<MessageIntake, 'plain' | 'nameOf'>;

/** A part of a thread. */
export interface ThreadPart {
  readonly channel: string;
  /** The thread's first message. */
  readonly root: string;
  /** Only what stands before this message. */
  readonly before: string;
  /** Only what came after this message; from the first on where nothing is given. */
  readonly after?: string | undefined;
}

export interface QuotesOptions {
  readonly services: Pick<CommandServices, 'say' | 'clock' | 'config' | 'logger'>;
  readonly clients: SlackClients;
}

/** What others wrote, read so that a character can be asked about it. */
export class Quotes {
  readonly #options: QuotesOptions;
  readonly #read: RecentMap<string, readonly FoundMessage[]>;

  constructor(options: QuotesOptions) {
    this.#options = options;
    this.#read = new RecentMap(200, { ms: keptMs, clock: options.services.clock });
  }

  /**
   * A question with the message it is about. Null where the message cannot be read: the app is not in that channel, it is
   * gone, it holds no text, it is the app's own, or Slack takes too long.
   */
  about(
    { channel, ts }: { readonly channel: string; readonly ts: string },
    question: string,
    source: Source,
    words: Words,
  ): Promise<string | null> {
    const { say } = this.#options.services;
    return this.#soon(async () => {
      const client = await this.#options.clients.of(source.workspace);
      // Of a message outside a thread this answers the message itself.
      const found = pageSchema.parse(
        await client.conversations.replies({ channel, ts, latest: ts, inclusive: true, limit: 1 }),
      );
      const message = found.messages.find((one) => one.ts === ts);
      const [line] = message ? await this.#lines([message], source, words) : [];
      return line ? quoteFor({ ...line, ...(question && { question }) }, say) : null;
    });
  }

  /**
   * A question with what was said in the thread before it, newest first as far as there is room, with names. Where Slack
   * hands out only a part of a long thread, it is its beginning.
   * @returns '' where nothing was said; null where Slack does not let it be read.
   */
  thread(part: ThreadPart, question: string, source: Source, words: Words): Promise<string | null> {
    return this.#soon(async () => {
      const found = await this.#messagesOf(part, source);
      const [root] = part.after === undefined ? found : [];
      const rest = root ? found.slice(1) : found;
      const looked = [...(root ? [root] : []), ...rest.slice(-maxLines)];
      const lines = await this.#lines(looked, source, words);
      const { say, config } = this.#options.services;
      return quoteTalk(lines, question, say, config.server.maxMessageChars) ?? '';
    });
  }

  async #messagesOf(
    { channel, root, before, after }: ThreadPart,
    source: Source,
  ): Promise<readonly FoundMessage[]> {
    const { clients, services } = this.#options;
    const key = [source.workspace.team, channel, root, before, after].join(' ');
    const known = this.#read.get(key);
    if (known) return known;
    const client = await clients.of(source.workspace);
    const messages: FoundMessage[] = [];
    let cursor = '';
    for (let page = 0; page < maxPages; page += 1) {
      try {
        const found = pageSchema.parse(
          await client.conversations.replies({
            channel,
            ts: root,
            latest: before,
            inclusive: false,
            limit: pageSize,
            ...(after !== undefined && { oldest: after }),
            ...(cursor !== '' && { cursor }),
          }),
        );
        messages.push(...found.messages);
        cursor = found.has_more ? (found.response_metadata?.next_cursor ?? '') : '';
      } catch (error) {
        if (page === 0) throw error;
        services.logger.debug(
          { reason: failureReason(error) },
          'only the beginning of a thread could be read',
        );
        cursor = '';
      }
      if (cursor === '') break;
    }
    // Slack hands out the first message of a thread with every page.
    const wanted = [...new Map(messages.map((message) => [message.ts, message])).values()].filter(
      ({ ts }) => Number(ts) < Number(before) && (after === undefined || Number(ts) > Number(after)),
    );
    this.#read.set(key, wanted);
    return wanted;
  }

  /** Messages of others that hold words, with the names of who wrote them. */
  async #lines(
    messages: readonly FoundMessage[],
    source: Source,
    words: Words,
  ): Promise<readonly QuotedLine[]> {
    const { say } = this.#options.services;
    const others = messages.filter(
      ({ user, app_id, subtype }) =>
        user !== source.botUser &&
        (app_id === undefined || app_id !== source.appId) &&
        subtype !== 'tombstone',
    );
    const lines = await Promise.all(
      others.map(async (message) => {
        const [text, name] = await Promise.all([
          words.plain(wordsOf(message), source.workspace, source.botUser),
          message.user ? words.nameOf(source.workspace, message.user) : undefined,
        ]);
        const author = name ?? message.username ?? message.bot_profile?.name ?? say('quote.somebody');
        return { text, author };
      }),
    );
    return lines.filter(({ text }) => text !== '');
  }

  async #soon(read: () => Promise<string | null>): Promise<string | null> {
    const { clock, logger } = this.#options.services;
    const quoted = read().catch((error: unknown) => {
      logger.debug({ reason: failureReason(error) }, 'what others wrote could not be read to be quoted');
      return null;
    });
    const result = await within(clock, longestMs, quoted);
    return result === late ? null : result;
  }
}
