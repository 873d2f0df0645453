import { weaveAttachments } from '../../../src/commands/attachments.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { isCode, lastHeard, quoteFor, quoteTalk } from '../../../src/commands/quote.js';
import type { SessionId } from '../../../src/ids.js';
import type { SessionState } from '../../../src/state/session.js';
import { late, within } from '../../../src/within.js';
import { isDirectMessage, type SlackAddress, slackAddress, slackMessage, slackSession } from '../address.js';
import type { DirectMessages, Directory } from '../api/directory.js';
import type { Workspace } from '../api/workspace-clients.js';
import type { SlackSender } from '../delivery/slack-sender.js';
import type { Admission } from './admission.js';
import { type Forwarded, forwardedIn, type MessageEvent, type SlackFile, type Source } from './events.js';
import type { Files } from './files.js';
import { filesOf, wordsOf } from './message-words.js';
import type { NoticeSender } from './notice-sender.js';
import { BroughtCharacters } from './own-characters.js';
import { mentionedUsers, plainText } from './plain-text.js';
import type { Quotes } from './quotes.js';
import { aboutMessage, messageInView } from './suggested-prompts.js';

/** Kinds of messages a person writes; everything else is Slack telling of joins, topics and the like. */
const writtenSubtypes = new Set([undefined, 'file_share', 'me_message', 'thread_broadcast', 'bot_message']);
/** Forwarded messages of one message that are read. */
const maxForwarded = 10;
/** A name that Slack does not tell in this time is done without, ms. */
const longestLookupMs = 800;

export interface MessageIntakeOptions {
  readonly services: CommandServices;
  readonly admission: Admission;
  readonly directory: Directory;
  readonly directMessages: DirectMessages;
  readonly files: Files;
  readonly notices: NoticeSender;
  readonly quotes: Quotes;
  readonly replies: Pick<SlackSender, 'nameThread'>;
}

/** A message that is meant for a character. */
interface Addressed {
  readonly session: SessionId;
  readonly address: SlackAddress;
  /** It calls the app by name. */
  readonly mentioned: boolean;
  /** Null where the conversation has not begun. */
  readonly known: SessionState | null;
}

/**
 * From a message in Slack to one for the core: who is meant, which conversation it belongs to, what it says in plain words.
 * Resolves when it is recorded, so that Slack is told only then.
 */
export class MessageIntake {
  readonly #options: MessageIntakeOptions;
  /** A mention comes as two events: they are handled as one. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #brought: BroughtCharacters;

  constructor(options: MessageIntakeOptions) {
    this.#options = options;
    this.#brought = new BroughtCharacters(options.services, options.directory, options.files);
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
    const { directMessages } = this.#options;
    if (!isWritten(event, source) || this.#isTooOld(event)) return;
    const { user } = event;
    if (user === undefined) return;
    if (isDirectMessage(event.channel)) directMessages.note(source.workspace, user, event.channel);
    const addressed = await this.#addressed(event, user, source);
    if (!addressed) return;
    const { session, address, mentioned } = addressed;
    const { notices: tell } = this.#options;
    const direct = isDirectMessage(event.channel);
    let unread: readonly string[] = [];
    let speakerName: string | undefined;
    const admitted = await this.#options.admission.admit({
      kind: 'message',
      id: slackMessage(event.channel, event.ts),
      workspace: source.workspace,
      user,
      session,
      isBot: isProgram(event),
      channel: direct ? undefined : event.channel,
      uncalled: !mentioned,
      typed: event.text ?? '',
      read: async () => {
        // Side by side, for Slack waits.
        const [name, said] = await Promise.all([
          this.nameOf(source.workspace, user),
          this.#saidIn(event, addressed, source),
        ]);
        speakerName = name;
        unread = said.notices;
        if (said.text !== '') return said.text;
        // Who only calls, or writes nothing, is greeted.
        if (unread.length === 0) return this.#options.services.say('slack.bareCall');
        await tell.say(address, unread.join('\n'));
        return null;
      },
      open: async (text) => {
        if (event.thread_ts === undefined) this.#options.replies.nameThread(event.channel, event.ts, text);
        return {
          sessionId: session,
          speakerName: speakerName ?? '',
          at: Math.round(Number(event.ts) * 1_000),
          address,
          shared: !direct,
        };
      },
    });
    if (admitted.outcome === 'recorded' && unread.length > 0) await tell.say(address, unread.join('\n'));
    if (admitted.outcome === 'refused' && !admitted.again && admitted.notice !== '')
      await tell.tell(address, admitted.notice);
  }

  /** What is asked, with the message it is about where it is about one. */
  async #saidIn(
    event: MessageEvent,
    { known }: Addressed,
    source: Source,
  ): Promise<{ readonly text: string; readonly notices: readonly string[] }> {
    const { services, quotes } = this.#options;
    const brought = await this.#brought.of(event, source);
    if (brought !== null) return { text: '', notices: [brought] };
    const said = await this.textOf(event, source);
    const inView = event.app_context && messageInView(event.app_context);
    if (inView && said.text === aboutMessage(services.say)) {
      const quoted = await quotes.about(inView, '', source, this);
      return quoted
        ? { text: quoted, notices: [] }
        : { text: '', notices: [services.say('slack.ask.unreadable')] };
    }
    // Somebody calls the app into a thread of others: what was said there before comes along, or since it was called last.
    const { channel, ts, thread_ts: root } = event;
    // A code is for us, not about the talk: what others said is no part of its argument.
    if (isDirectMessage(channel) || root === undefined || root === ts || isCode(said.text)) return said;
    if (known && services.config.slack.threadReplies === 'all') return said;
    const heardAt = known && (await lastHeard(services.store, known));
    const after = heardAt ? ((heardAt + 1) / 1_000).toFixed(6) : undefined;
    const talk = await quotes.thread({ channel, root, before: ts, after }, said.text, source, this);
    if (talk !== null) return { ...said, text: talk || said.text };
    return { ...said, notices: [...said.notices, services.say('slack.threadUnread')] };
  }

  /** What a message says in plain words, with the text of its files; and what could not be read. */
  async textOf(
    {
      text,
      files,
      attachments,
      blocks,
    }: {
      readonly text?: string | null | undefined;
      readonly files: readonly SlackFile[];
      readonly attachments: readonly unknown[];
      readonly blocks: readonly unknown[];
    },
    source: Source,
  ): Promise<{ readonly text: string; readonly notices: readonly string[] }> {
    const { services } = this.#options;
    const forwarded = forwardedIn(attachments).slice(0, maxForwarded);
    const [plain, received] = await Promise.all([
      this.plain(wordsOf({ text, attachments, blocks }), source.workspace, source.botUser),
      this.#options.files.read(source.workspace, filesOf({ files, forwarded })),
    ]);
    const said = forwarded.length > 0 ? await this.#quoting(forwarded, plain, source) : plain;
    return received.length === 0 ? { text: said, notices: [] } : weaveAttachments(services, said, received);
  }

  /** What is said about messages that come along. */
  async #quoting(forwarded: readonly Forwarded[], question: string, source: Source): Promise<string> {
    const { say } = this.#options.services;
    const lines = await Promise.all(
      forwarded.map(async ({ text, author_name, message_blocks }) => {
        const blocks = message_blocks.flatMap(({ message }) => message.blocks);
        const words = await this.plain(wordsOf({ text, blocks }), source.workspace, source.botUser);
        return { text: words, author: author_name ?? say('quote.somebody') };
      }),
    );
    const [only, ...more] = lines.filter(({ text }) => text !== '');
    if (!only) return question;
    const asked = question && { question };
    const quoted =
      more.length === 0 ? quoteFor({ ...only, ...asked }, say) : quoteTalk([only, ...more], question, say);
    return quoted ?? question;
  }

  /** The conversation a message belongs to; null where no character is meant. */
  async #addressed(event: MessageEvent, user: string, source: Source): Promise<Addressed | null> {
    const { services } = this.#options;
    const { team, enterprise } = source.workspace;
    const direct = isDirectMessage(event.channel);
    const mentioned =
      event.type === 'app_mention' || mentionedUsers(event.text ?? '').includes(source.botUser);
    if (!direct && !mentioned && event.thread_ts === undefined) return null;
    // Another bot has to call by name each time, so that two bots do not talk for ever.
    if (isProgram(event) && !mentioned) return null;
    const root = event.thread_ts ?? event.ts;
    const session = slackSession(team, event.channel, root);
    const known = await services.store.sessions.get(session);
    if (!direct && !mentioned) {
      if (services.config.slack.threadReplies === 'mentions') return null;
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
    return { session, address, known, mentioned };
  }

  /** Slack delivers late events for a day; one that is older than its mark would be answered twice. */
  #isTooOld({ ts }: MessageEvent): boolean {
    const { clock, config } = this.#options.services;
    return clock.now() - Number(ts) * 1_000 > config.state.dedupeHours * 3_600_000;
  }

  /** Slack's text in plain words; the mention of `botUser` is left out. */
  async plain(text: string, workspace: Workspace, botUser = ''): Promise<string> {
    const users = mentionedUsers(text)
      .filter((user) => user !== botUser)
      .slice(0, 10);
    const names = await Promise.all(users.map((user) => this.nameOf(workspace, user)));
    return plainText(text, botUser, (user) => names[users.indexOf(user)]);
  }

  /** How a member is shown in Slack, if Slack tells soon. */
  async nameOf(workspace: Workspace, user: string): Promise<string | undefined> {
    const { directory, services } = this.#options;
    const member = await within(services.clock, longestLookupMs, directory.member(workspace, user));
    return member === late ? undefined : member?.name || undefined;
  }
}

/** Whether somebody wrote the message, and not this app itself. */
function isWritten(event: MessageEvent, source: Source): boolean {
  if (!writtenSubtypes.has(event.subtype)) return false;
  if (event.user === source.botUser || event.user === 'USLACKBOT') return false;
  if (event.bot_id !== undefined && event.bot_id === source.botId) return false;
  return event.app_id === undefined || event.app_id !== source.appId;
}

/** Whether another program wrote the message. */
function isProgram({ bot_id, subtype }: MessageEvent): boolean {
  return bot_id !== undefined || subtype === 'bot_message';
}
