import { RapportError } from '../../../config/errors.js';
import { takeTurn } from '../../../src/commands/allowance.js';
import { weaveAttachments } from '../../../src/commands/attachments.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { remindIfDue } from '../../../src/commands/disclosure.js';
import { type CommunitySettings, channelAllowed, readSettings } from '../../../src/commands/settings.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { SessionId } from '../../../src/ids.js';
import {
  isDirectMessage,
  type SlackAddress,
  slackAddress,
  slackCommunity,
  slackMessage,
  slackPerson,
  slackSession,
} from '../address.js';
import type { DirectMessages } from '../api/direct-messages.js';
import type { Directory } from '../api/directory.js';
import type { MessageEvent, SlackFile } from './events.js';
import type { Files } from './files.js';
import type { Notices } from './notices.js';
import { mentionedUsers, plainText } from './plain-text.js';
import type { Source } from './source.js';

/** Kinds of messages a person writes; everything else is Slack telling of joins, topics and the like. */
const writtenSubtypes = new Set([undefined, 'file_share', 'me_message', 'thread_broadcast', 'bot_message']);
/** A name that Slack does not tell in this time is done without, ms. */
const longestLookupMs = 800;
/** A person who has paused is told once in so long, ms. */
const pausedNoticeMs = 24 * 3_600_000;

export interface MessageIntakeOptions {
  readonly services: CommandServices;
  readonly receive: InboundHandler;
  readonly directory: Directory;
  readonly directMessages: DirectMessages;
  readonly files: Files;
  readonly notices: Notices;
}

/** A message that is meant for a character. */
interface Addressed {
  readonly session: SessionId;
  readonly address: SlackAddress;
  readonly settings: CommunitySettings;
  /** The conversation has not begun. */
  readonly isNew: boolean;
}

/**
 * From a message in Slack to one for the core: who is meant, which conversation it belongs to, what it says in plain words.
 * Resolves when it is recorded, so that Slack is told only then.
 */
export class MessageIntake {
  readonly #options: MessageIntakeOptions;
  /** A mention comes as two events: they are handled as one. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: MessageIntakeOptions) {
    this.#options = options;
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_SHUTTING_DOWN: nothing was recorded, Slack should send it again. */
  take(event: MessageEvent, source: Source): Promise<void> {
    const key = `${source.workspace.team}:${event.channel}:${event.ts}`;
    const running = this.#running.get(key);
    if (running) return running;
    const work = this.#take(event, source).finally(() => this.#running.delete(key));
    this.#running.set(key, work);
    return work;
  }

  async #take(event: MessageEvent, source: Source): Promise<void> {
    const { services, directMessages } = this.#options;
    if (!isWritten(event, source) || this.#isTooOld(event)) return;
    const { user } = event;
    if (user === undefined) return;
    if (isDirectMessage(event.channel)) directMessages.note(source.workspace, user, event.channel);
    const addressed = await this.#addressed(event, user, source);
    if (!addressed) return;
    const { session, address, settings, isNew } = addressed;
    const { text, notices } = await this.textOf(event, source);
    if (text === '' && notices.length > 0) {
      await this.#options.notices.say(address, notices.join('\n'));
      return;
    }
    const person = slackPerson(source.workspace.team, user);
    const id = slackMessage(event.channel, event.ts);
    const allowed = await takeTurn(services, {
      community: slackCommunity(source.workspace.team),
      person,
      text,
      message: id,
    });
    if (allowed !== 'ok') {
      if (allowed.first) await this.#options.notices.tell(address, allowed.notice);
      return;
    }
    await this.#remind(session, settings);
    const outcome = await this.#record(
      {
        kind: 'message',
        id,
        sessionId: session,
        personId: person,
        speakerName: (await this.#nameOf(source, user)) ?? '',
        text,
        at: Math.round(Number(event.ts) * 1_000),
        address,
        shared: !isDirectMessage(event.channel),
        ...(isNew && settings.defaultCharacterId !== null && { characterId: settings.defaultCharacterId }),
      },
      address,
    );
    if (outcome === 'recorded' && notices.length > 0)
      await this.#options.notices.say(address, notices.join('\n'));
    if (outcome === 'paused') await this.#tellPaused(person, address);
  }

  /** What a message says in plain words, with the text of its files; and what could not be read. */
  async textOf(
    {
      text,
      files,
    }: {
      readonly text?: string | null | undefined;
      readonly files?: readonly SlackFile[] | null | undefined;
    },
    source: Source,
  ): Promise<{ readonly text: string; readonly notices: readonly string[] }> {
    const { services } = this.#options;
    const written = text ?? '';
    const [names, received] = await Promise.all([
      this.#namesIn(written, source),
      this.#options.files.read(source.workspace, files ?? []),
    ]);
    const plain = plainText(written, source.botUser, (user) => names.get(user));
    return received.length === 0 ? { text: plain, notices: [] } : weaveAttachments(services, plain, received);
  }

  /** The conversation a message belongs to; null where no character is meant. */
  async #addressed(event: MessageEvent, user: string, source: Source): Promise<Addressed | null> {
    const { services, notices } = this.#options;
    const { team, enterprise } = source.workspace;
    const direct = isDirectMessage(event.channel);
    const mentioned =
      event.type === 'app_mention' || mentionedUsers(event.text ?? '').includes(source.botUser);
    if (!direct && !mentioned && event.thread_ts === undefined) return null;
    const settings = await readSettings(services, slackCommunity(team));
    const isBot = event.bot_id !== undefined || event.subtype === 'bot_message';
    // Another bot has to call by name each time, so that two bots do not talk for ever.
    if (isBot && (!settings.allowBots || !mentioned)) return null;
    const root = event.thread_ts ?? event.ts;
    const session = slackSession(team, event.channel, root);
    const known = await services.store.sessions.get(session);
    if (!direct && !mentioned) {
      const begun = known !== null || (await services.store.inbox.count(session)) > 0;
      if (!begun || mentionedUsers(event.text ?? '').length > 0) return null;
    }
    const inThread = !direct || event.thread_ts !== undefined || services.config.slack.dmReplies === 'thread';
    const address = slackAddress({
      team,
      enterprise,
      channel: event.channel,
      user,
      userTeam: event.user_team ?? event.team ?? team,
      message: event.ts,
      ...(inThread && { thread: root }),
    });
    if (!direct && !channelAllowed(settings, [event.channel])) {
      if (mentioned) await notices.tell(address, services.say('slack.notAllowedHere'));
      return null;
    }
    return { session, address, settings, isNew: known === null };
  }

  async #record(
    message: Parameters<InboundHandler>[0],
    address: SlackAddress,
  ): Promise<Awaited<ReturnType<InboundHandler>> | 'refused'> {
    const { receive, notices, services } = this.#options;
    try {
      return await receive(message);
    } catch (error) {
      if (!(error instanceof RapportError) || error.code !== 'RAPPORT_E_INPUT_TOO_LARGE') throw error;
      await notices.tell(address, services.say('slack.tooLong', error.details));
      return 'refused';
    }
  }

  async #remind(session: SessionId, { disclosureEveryHours }: CommunitySettings): Promise<void> {
    if (disclosureEveryHours === 0) return;
    const { services } = this.#options;
    await remindIfDue(services, await services.store.sessions.get(session), disclosureEveryHours);
  }

  async #tellPaused(person: string, address: SlackAddress): Promise<void> {
    const { services, notices } = this.#options;
    const key = `slack:told-paused:${person}`;
    if ((await services.store.platform.get(key)) !== null) return;
    await services.store.platform.set(key, '1', pausedNoticeMs);
    await notices.tell(address, services.say('slack.paused'));
  }

  /** Slack delivers late events for a day; one that is older than its mark would be answered twice. */
  #isTooOld({ ts }: MessageEvent): boolean {
    const { clock, config } = this.#options.services;
    return clock.now() - Number(ts) * 1_000 > config.state.dedupeHours * 3_600_000;
  }

  async #namesIn(text: string, source: Source): Promise<ReadonlyMap<string, string>> {
    const users = mentionedUsers(text)
      .filter((user) => user !== source.botUser)
      .slice(0, 10);
    const names = await Promise.all(users.map((user) => this.#nameOf(source, user)));
    return new Map(users.flatMap((user, n) => (names[n] ? [[user, names[n]] as const] : [])));
  }

  async #nameOf({ workspace }: Source, user: string): Promise<string | undefined> {
    const { directory, services } = this.#options;
    const timer = new AbortController();
    const late = services.clock.sleep(longestLookupMs, timer.signal).then(
      () => null,
      () => null,
    );
    const member = await Promise.race([directory.member(workspace, user), late]);
    timer.abort();
    return member?.name || undefined;
  }
}

/** Whether somebody wrote the message, and not this app itself. */
function isWritten(event: MessageEvent, source: Source): boolean {
  if (!writtenSubtypes.has(event.subtype)) return false;
  if (event.user === source.botUser || event.user === 'USLACKBOT') return false;
  if (event.bot_id !== undefined && event.bot_id === source.botId) return false;
  return event.app_id === undefined || event.app_id !== source.appId;
}
