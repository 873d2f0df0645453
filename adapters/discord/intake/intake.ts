import type { API } from '@discordjs/core/http-only';
import { isRapportError } from '../../../config/errors.js';
import { takeTurn } from '../../../src/commands/allowance.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { remindIfDue } from '../../../src/commands/disclosure.js';
import { asksToLead, mayLead } from '../../../src/commands/lead.js';
import { type CommunitySettings, channelAllowed, readSettings } from '../../../src/commands/settings.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { SessionId } from '../../../src/ids.js';
import { RecentMap } from '../../../src/recent-map.js';
import { type ChannelDirectory, type ChannelFacts, isThread } from '../channel-facts.js';
import type { Identity } from '../gateway/identity.js';
import { channelSession, createdAt, discordCommunity, discordMessage, discordPerson } from '../ids.js';
import { moderatesChannel } from '../moderators.js';
import type { Names } from './clean-text.js';
import { answersUs, type HeardMessage, type Hearing, hear, isPosted, speakerOf } from './heard-message.js';
import { type ReadMessage, readMessage } from './reading.js';
import type { Telling } from './telling.js';
import { MessageGone, type Venue, Venues } from './venues.js';

export interface IntakeOptions {
  readonly api: Pick<API, 'channels' | 'guilds'>;
  readonly services: CommandServices;
  readonly receive: InboundHandler;
  readonly identity: Identity;
  readonly directory: ChannelDirectory;
  readonly telling: Telling;
  /** Whether messages that do not mention the bot come with their text. */
  readonly readsContent: () => boolean;
  /** A message of this application appeared. */
  readonly onOurs: (messageId: string, at: number) => void;
}

const rememberedMessages = 5_000;
const day = 86_400_000;

/** What a message is judged by. */
interface Situation {
  readonly hearing: Hearing;
  readonly settings: CommunitySettings;
  /** `discord:<guild>`; null in private. */
  readonly community: string | null;
  readonly guild?: string;
  /** The channel it was written in; absent in private. */
  readonly facts?: ChannelFacts;
}

/** From a message on Discord to the core: is it for us, may it be, what does it say, where does it belong; then it is recorded. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #venues: Venues;
  readonly #names: Names;
  /** Messages that were handed to the core, for their edits and deletions. */
  readonly #taken = new RecentMap<string, SessionId>(rememberedMessages);

  constructor(options: IntakeOptions) {
    const { api, services, directory, identity } = options;
    const { say, store, logger } = services;
    this.#options = options;
    this.#venues = new Venues({ api, directory, self: identity, store, say, logger });
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
    const hearing = hear(message, this.#options.identity);
    if (hearing === 'ours') {
      if (isPosted(message)) this.#options.onOurs(message.id, createdAt(message.id));
      return true;
    }
    if (hearing === 'nobody' || this.#taken.has(message.id)) return false;
    if (hearing === 'overheard' && !(await this.#venues.isOurThread(message.channel_id))) return false;
    const situation = await this.#situation(message, hearing);
    if (!situation) return false;
    if (await this.#isPaused(message)) return true;
    const read = await this.read(message, hearing, situation.facts);
    if (read.text === '') await this.#wordless(message, situation, read);
    else await this.#record(message, situation, read);
    return true;
  }

  /** What a message says now (after an edit); '' where nothing. */
  read(message: HeardMessage, hearing: Hearing, facts: ChannelFacts | undefined): Promise<ReadMessage> {
    const isContinued = hearing === 'direct' || (facts !== undefined && isThread(facts.type));
    const quotes = !(isContinued && answersUs(message, this.#options.identity)) && hearing !== 'direct';
    return readMessage(message, { services: this.#options.services, names: this.#names, quotes });
  }

  /** Null where the bot has no say: a channel the administrators left out, a bot they do not want answered. */
  async #situation(message: HeardMessage, hearing: Hearing): Promise<Situation | null> {
    const { services, directory } = this.#options;
    const { guild_id: guild, channel_id: channel, author } = message;
    const community = guild === undefined ? null : discordCommunity(guild);
    const settings = await readSettings(services, community);
    if (guild === undefined) return { hearing, settings, community };
    if (author.bot && !settings.allowBots) return null;
    const facts = await directory.get(channel);
    const ids = [channel, ...(facts.parent === undefined ? [] : [facts.parent])];
    if (!channelAllowed(settings, ids)) {
      if (hearing === 'addressed') await this.#tellCare(message);
      services.logger.debug({ channel }, 'not answered: the administrators left this channel out');
      return null;
    }
    return { hearing, settings, community, guild, facts };
  }

  async #isPaused(message: HeardMessage): Promise<boolean> {
    const profile = await this.#options.services.store.people.profile(discordPerson(message.author.id));
    if (!profile?.paused) return false;
    if (!(await this.#tellCare(message))) await this.#tellPaused(message);
    return true;
  }

  /** Somebody who says that they are in danger is told where there is help, whatever keeps characters from answering. */
  async #tellCare({ id, channel_id: channel, author, guild_id, content }: HeardMessage): Promise<boolean> {
    const { telling, services } = this.#options;
    const care = author.bot ? null : services.care.answer([content]);
    if (!care) return false;
    const told = { text: care.text, key: `care:${id}` };
    if (guild_id === undefined) await telling.tell({ ...told, channel, replyTo: id });
    else await telling.tellInPrivate(author.id, told);
    return true;
  }

  #tellPaused({ id, channel_id, author, guild_id }: HeardMessage): Promise<void> {
    const { telling, services } = this.#options;
    const text = services.say('discordChat.paused');
    const once = { key: `paused:${author.id}`, ms: day };
    // In front of others it is nobody's business.
    if (guild_id !== undefined) return telling.tellInPrivate(author.id, { text, key: `paused:${id}`, once });
    return telling.tell({ channel: channel_id, text, replyTo: id, key: `paused:${id}`, once });
  }

  /** Nothing to answer: a picture, an empty call, or a text that Discord keeps from the bot. */
  async #wordless(message: HeardMessage, { hearing }: Situation, { notices }: ReadMessage): Promise<void> {
    const { telling, services, readsContent } = this.#options;
    const { id, channel_id: channel, content, guild_id } = message;
    const isWithheld = guild_id !== undefined && content === '' && notices.length === 0 && !readsContent();
    if (isWithheld && (hearing === 'overheard' || answersUs(message, this.#options.identity))) {
      const once = { key: `wordless:${channel}`, ms: 7 * day };
      await telling.tell({
        channel,
        text: services.say('discordChat.wordless'),
        key: `wordless:${id}`,
        once,
      });
      return;
    }
    if (hearing === 'overheard' && notices.length === 0) return;
    const text = notices.length > 0 ? notices.join('\n') : services.say('discordChat.nothing');
    await telling.tell({ channel, text, replyTo: id, key: `wordless:${id}` });
  }

  async #record(message: HeardMessage, situation: Situation, { text, notices }: ReadMessage): Promise<void> {
    const { services, receive, telling } = this.#options;
    const { id, channel_id: channel, author, timestamp } = message;
    const { community, settings } = situation;
    const person = discordPerson(author.id);
    const allowed = await takeTurn(services, { community, person, text, message: discordMessage(id) });
    if (allowed !== 'ok') {
      if (allowed.first)
        await telling.tell({ channel, text: allowed.notice, replyTo: id, key: `allowance:${id}` });
      return;
    }
    const venue = await this.#venueOf(message, situation, text);
    if (!venue) return;
    const { sessionId, address, shared } = venue;
    if (await this.#isRefusedLead(message, situation, sessionId, text)) {
      const notYours = services.say('discordChat.notYoursToLead');
      await telling.tell({ channel: address.channel, text: notYours, key: `lead:${id}` });
      return;
    }
    if (settings.disclosureEveryHours > 0)
      await remindIfDue(
        services,
        await services.store.sessions.get(sessionId),
        settings.disclosureEveryHours,
      );
    try {
      const outcome = await receive({
        kind: 'message',
        id: discordMessage(id),
        sessionId,
        personId: person,
        speakerName: speakerOf(message),
        text,
        at: Date.parse(timestamp),
        address,
        shared,
        ...(settings.defaultCharacterId !== null && { characterId: settings.defaultCharacterId }),
      });
      this.#taken.set(id, sessionId);
      if (outcome === 'paused') await this.#tellPaused(message);
      if (outcome !== 'recorded') return;
    } catch (error) {
      if (!isRapportError(error, 'RAPPORT_E_INPUT_TOO_LARGE')) throw error;
      const { size, limit } = error.details;
      const tooLong = services.say('discordChat.tooLong', { size, limit });
      await telling.tell({ channel, text: tooLong, replyTo: id, key: `long:${id}` });
      return;
    }
    await this.#tellAfter(message, venue, notices);
  }

  /** Whether somebody would lead a conversation by a code that is not theirs; who is in danger is answered whatever stands before it. */
  async #isRefusedLead(
    { author, member }: HeardMessage,
    { guild, facts }: Situation,
    sessionId: SessionId,
    text: string,
  ): Promise<boolean> {
    const { services, api } = this.#options;
    if (!asksToLead(text, services) || services.care.answer([text]) !== null) return false;
    const session = await services.store.sessions.get(sessionId);
    const writer = { userId: author.id, roles: member?.roles ?? [] };
    return (
      session !== null &&
      !(await mayLead(
        session,
        discordPerson(author.id),
        async () => guild !== undefined && !!facts && moderatesChannel(api, guild, facts, writer),
      ))
    );
  }

  async #venueOf(message: HeardMessage, { guild, facts }: Situation, text: string): Promise<Venue | null> {
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
    { address, problem }: Venue,
    notices: readonly string[],
  ): Promise<void> {
    const { telling, services } = this.#options;
    const { id, channel_id: channel } = message;
    const isHere = address.channel === channel;
    if (notices.length > 0)
      await telling.tell({
        channel: address.channel,
        text: notices.join('\n'),
        key: `files:${id}`,
        ...(isHere && { replyTo: id }),
      });
    if (problem)
      await telling.tell({
        channel,
        text: services.say(`discordChat.${problem}`),
        key: `threads:${id}`,
        once: { key: `threads:${channel}`, ms: 7 * day },
      });
  }
}
