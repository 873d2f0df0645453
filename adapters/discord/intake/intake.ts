import type { API } from '@discordjs/core/http-only';
import { type Admission, admit, type Refusal, type RefusalWords } from '../../../src/commands/admit.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { isCode, lastHeard, quoteTalk } from '../../../src/commands/quote.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { SessionId } from '../../../src/ids.js';
import { RecentMap } from '../../../src/recent-map.js';
import { type ChannelDirectory, type ChannelFacts, isThread } from '../channel-facts.js';
import type { Identity } from '../gateway/identity.js';
import {
  channelSession,
  createdAt,
  discordCommunity,
  discordMessage,
  discordPerson,
  snowflakeAt,
} from '../ids.js';
import type { Locales } from '../locales.js';
import { missingPermissions, toOpenThreads } from '../missing-permissions.js';
import { moderatesChannel } from '../moderators.js';
import type { OwnRoles } from '../own-roles.js';
import { MessageGone, type MessageVenue, MessageVenues } from './message-venues.js';
import type { NoticeSender } from './notice-sender.js';
import {
  answersUs,
  type HeardMessage,
  type Hearing,
  hear,
  isPosted,
  type Names,
  namesUs,
  type ReadMessage,
  readMessage,
  speakerOf,
} from './read-message.js';
import { TalkBefore } from './talk-before.js';

export interface IntakeOptions {
  readonly api: Pick<API, 'channels' | 'guilds'>;
  readonly services: CommandServices;
  readonly receive: InboundHandler;
  readonly identity: Identity;
  readonly directory: ChannelDirectory;
  readonly notices: NoticeSender;
  readonly locales: Locales;
  readonly roles: OwnRoles;
  /** Whether messages that do not mention the bot come with their text. */
  readonly readsContent: () => boolean;
  /** A message of this application appeared. */
  readonly onOurs: (messageId: string, at: number) => void;
}

const rememberedMessages = 5_000;
const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;

/** From a message on Discord to the core: is it for us, what does it say, where does it belong; `admit` says whether it may be answered. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #venues: MessageVenues;
  readonly #before: TalkBefore;
  readonly #names: Names;
  /** Messages that were handed to the core, for their edits and deletions. */
  readonly #taken = new RecentMap<string, SessionId>(rememberedMessages);

  constructor(options: IntakeOptions) {
    const { api, services, directory, identity } = options;
    const { say, store, logger } = services;
    this.#options = options;
    this.#before = new TalkBefore({ api, self: identity, logger });
    this.#venues = new MessageVenues({ api, directory, self: identity, store, say, logger });
    this.#names = {
      userId: identity.userId,
      userName: identity.userName,
      channel: (id) => directory.peek(id)?.name,
      somebody: say('discordChat.somebody'),
      aRole: say('discordChat.role'),
      aChannel: say('discordChat.channel'),
    };
  }

  /** The conversation a message was taken into; undefined where it was not (or long ago). */
  sessionOf(message: string): SessionId | undefined {
    return this.#taken.get(message);
  }

  /** Conversations without a thread that were held in a channel lately. */
  sessionsIn(channel: string): readonly SessionId[] {
    const prefix = channelSession(channel, '');
    return [...new Set([...this.#taken.entries()].map(([, session]) => session))].filter((session) =>
      session.startsWith(prefix),
    );
  }

  /**
   * Takes one message.
   * @returns whether it was for us, or ours.
   * @throws RapportError of the store or of a shutdown, and what the REST client throws where trying again can help; nothing was recorded then.
   */
  async take(message: HeardMessage): Promise<boolean> {
    const { identity, roles } = this.#options;
    const { guild_id: guild, mention_roles: called } = message;
    const role = guild !== undefined && called.length > 0 ? await roles.of(guild) : undefined;
    const hearing = hear(message, identity, role);
    if (hearing === 'ours') {
      if (isPosted(message)) this.#options.onOurs(message.id, createdAt(message.id));
      return true;
    }
    if (hearing === 'nobody' || this.#taken.has(message.id)) return false;
    if (hearing === 'overheard' && !(await this.#venues.isOurThread(message.channel_id))) return false;
    const { outcome } = await this.#admit(message, hearing);
    return outcome !== 'ignored';
  }

  /** What a message says now (after an edit); '' where nothing. */
  read(message: HeardMessage, hearing: Hearing, facts: ChannelFacts | undefined): Promise<ReadMessage> {
    const isContinued = hearing === 'direct' || (facts !== undefined && isThread(facts.type));
    const quotes = !(isContinued && answersUs(message, this.#options.identity)) && hearing !== 'direct';
    const { services, roles, readsContent } = this.#options;
    const names = { ...this.#names, ownRole: roles.peek(message.guild_id) };
    return readMessage(message, { services, names, quotes, readsContent: readsContent() });
  }

  /** In a thread of others, what was said before the bot was called comes along, or since it was called last. */
  async #withTalk(
    message: HeardMessage,
    hearing: Hearing,
    facts: ChannelFacts | undefined,
    read: ReadMessage,
  ): Promise<ReadMessage> {
    const { services, identity, roles } = this.#options;
    const { store, say, config } = services;
    // A code is for us, not about the talk: what others said is no part of its argument.
    if (isCode(read.text)) return read;
    if (hearing !== 'addressed' || !facts || !isThread(facts.type) || facts.owner === identity.userId)
      return read;
    const known = await store.sessions.get(this.#venues.held(message, facts));
    const heardAt = known && (await lastHeard(store, known));
    const after = heardAt ? snowflakeAt(heardAt + 1) : undefined;
    const names = { ...this.#names, ownRole: roles.peek(message.guild_id) };
    const { lines, isWithheld } = await this.#before.read(message, names, after);
    const quoted = quoteTalk(lines, read.text, say, config.server.maxMessageChars);
    const isTold = isWithheld && !this.#options.readsContent() && !known && read.text !== '';
    const notices = isTold ? [say('discordChat.talkWithheld'), ...read.notices] : read.notices;
    return { text: quoted ?? read.text, notices };
  }

  async #admit(message: HeardMessage, hearing: Hearing): Promise<Pick<Admission, 'outcome'>> {
    const { services, receive, directory, api, locales } = this.#options;
    const { id, guild_id: guild, channel_id: channel, author, member, timestamp } = message;
    const facts = guild === undefined ? undefined : await directory.get(channel);
    let read: ReadMessage = { text: '', notices: [] };
    let venue: MessageVenue | null = null;
    const admission = await admit(
      services,
      {
        kind: 'message',
        id: discordMessage(id),
        person: discordPerson(author.id),
        isBot: author.bot === true,
        session: this.#venues.held(message, facts),
        rules: {
          community: guild === undefined ? null : discordCommunity(guild),
          channels: guild === undefined ? [] : [channel, ...(facts?.parent ? [facts.parent] : [])],
        },
        whereabouts: locales.of(author.id, guild),
        typed: message.content,
        words: this.#words,
        moderates: async () =>
          guild !== undefined &&
          facts !== undefined &&
          moderatesChannel(api, guild, facts, { userId: author.id, roles: member?.roles ?? [] }),
        read: async () => {
          read = await this.#withTalk(message, hearing, facts, await this.read(message, hearing, facts));
          if (read.text === '') await this.#wordless(message, hearing, read);
          return read.text === '' ? null : read.text;
        },
        open: async (text) => {
          venue = await this.#venueOf(message, facts, text);
          return venue && { ...venue, speakerName: speakerOf(message), at: Date.parse(timestamp) };
        },
      },
      receive,
    );
    if (admission.outcome === 'refused') {
      await this.#tellRefused(message, admission);
      // What the administrators left out is none of the bot's conversations.
      return admission.rule.kind === 'channel' ? { outcome: 'ignored' } : admission;
    }
    if (admission.outcome === 'recorded' || admission.outcome === 'duplicate')
      this.#taken.set(id, admission.sessionId);
    if (admission.outcome === 'recorded' && venue) await this.#tellAfter(message, venue, read.notices);
    return admission;
  }

  /** Words for why a message is not answered; where characters are not to answer at all, none. */
  readonly #words: RefusalWords = (rule) => {
    const { say } = this.#options.services;
    switch (rule.kind) {
      case 'channel':
        return '';
      case 'paused':
        return say('discordChat.paused');
      case 'too-long':
        return say('discordChat.tooLong', { size: rule.size, limit: rule.limit });
      case 'lead':
        return say('discordChat.notYoursToLead');
    }
  };

  async #tellRefused(
    message: HeardMessage,
    { rule, notice: text, again, ...refusal }: Refusal,
  ): Promise<void> {
    const { notices } = this.#options;
    const { id, channel_id: channel, author, guild_id } = message;
    if (text === '' || again) return;
    const key = `${rule.kind}:${id}`;
    // In front of others it is nobody's business.
    if (refusal.private && guild_id !== undefined) return notices.tellInPrivate(author.id, { text, key });
    return notices.tell({ channel, text, replyTo: id, key });
  }

  /** Nothing to answer: a picture, an empty call, or a text that Discord keeps from the bot. */
  async #wordless(message: HeardMessage, hearing: Hearing, { notices: unread }: ReadMessage): Promise<void> {
    const { notices, services, identity, readsContent } = this.#options;
    const { id, channel_id: channel, content, guild_id, author } = message;
    const isWithheld = guild_id !== undefined && content === '' && unread.length === 0 && !readsContent();
    if (isWithheld && !namesUs(message, identity)) {
      // Who called or answered is told each time, who may have spoken to others now and then.
      const ms = hearing === 'overheard' ? hour : minute;
      await notices.tell({
        channel,
        text: services.say('discordChat.wordless', { name: `<@${identity.userId}>` }),
        replyTo: id,
        key: `wordless:${id}`,
        once: { key: `wordless:${channel}:${author.id}:${hearing}`, ms },
      });
      return;
    }
    if (hearing === 'overheard' && unread.length === 0) return;
    const text = unread.length > 0 ? unread.join('\n') : services.say('discordChat.nothing');
    await notices.tell({ channel, text, replyTo: id, key: `wordless:${id}` });
  }

  async #venueOf(
    message: HeardMessage,
    facts: ChannelFacts | undefined,
    text: string,
  ): Promise<MessageVenue | null> {
    const { guild_id: guild } = message;
    if (guild === undefined || !facts) return this.#venues.direct(message);
    try {
      return await this.#venues.inGuild(message, guild, facts, text);
    } catch (error) {
      if (error instanceof MessageGone) return null;
      throw error;
    }
  }

  /** What the person should know beside the reply: files that were not read, why there is no thread. */
  async #tellAfter(
    message: HeardMessage,
    { address, problem }: MessageVenue,
    unread: readonly string[],
  ): Promise<void> {
    const { api, identity, notices, services } = this.#options;
    const { id, channel_id: channel, guild_id: guild } = message;
    const isHere = address.channel === channel;
    if (unread.length > 0)
      await notices.tell({
        channel: address.channel,
        text: unread.join('\n'),
        key: `files:${id}`,
        ...(isHere && { replyTo: id }),
      });
    if (problem)
      await notices.tell({
        channel,
        text: async () =>
          problem === 'noThreads'
            ? services.say('discordChat.noThreads', {
                permissions: await missingPermissions(
                  api,
                  identity.userId,
                  { guild, channel },
                  toOpenThreads,
                ),
              })
            : services.say('discordChat.threadsFull'),
        key: `threads:${id}`,
        once: { key: `threads:${channel}`, ms: 7 * day },
      });
  }
}
