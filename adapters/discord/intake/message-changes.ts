import type { CommandServices } from '../../../src/commands/command-services.js';
import { removeConversation } from '../../../src/commands/conversation.js';
import { editMessage } from '../../../src/commands/edit.js';
import type { SessionId } from '../../../src/ids.js';
import type { ChannelDirectory } from '../channel-facts.js';
import { discordMessage, discordPerson, threadSession } from '../ids.js';
import type { Locales } from '../locales.js';
import type { Intake } from './intake.js';
import { type HeardMessage, speakerOf } from './read-message.js';

export interface MessageChangesOptions {
  readonly services: CommandServices;
  readonly intake: Intake;
  readonly directory: ChannelDirectory;
  readonly locales: Locales;
}

/** Lines of a transcript among which a message is looked for that has just been answered. */
const lookedThrough = 30;

/**
 * What people do to messages that they have sent: an edit holds while the message waits, what was answered stays answered
 * (regenerate answers anew); a deleted message is not answered, and a reply to nothing else is stopped. Places that cease to
 * exist take their conversations with them, quietly: there is nobody left to tell.
 */
export class MessageChanges {
  readonly #options: MessageChangesOptions;

  constructor(options: MessageChangesOptions) {
    this.#options = options;
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async edited(message: HeardMessage): Promise<void> {
    const { services, intake, directory, locales } = this.#options;
    const session = intake.sessionOf(message.id);
    // Discord also says so when it has found the preview of a link, and may then leave out the text.
    if (!session || !message.edited_timestamp || message.content === undefined) return;
    const hearing = message.guild_id === undefined ? 'direct' : 'addressed';
    const read = await intake.read(message, hearing, directory.peek(message.channel_id));
    const { author, guild_id: guild } = message;
    const edited = await editMessage(services, {
      session,
      id: discordMessage(message.id),
      text: read.text,
      person: author && !author.bot ? discordPerson(author.id) : null,
      ...(author && { speakerName: speakerOf(message), whereabouts: locales.of(author.id, guild) }),
    });
    if (edited === 'gone') await this.deleted(message.id);
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async deleted(message: string): Promise<void> {
    const { services, intake } = this.#options;
    const { store, sessions } = services;
    const session = intake.sessionOf(message);
    if (!session || (await store.inbox.withdraw(session, discordMessage(message)))) return;
    if (!sessions.isAnswering(session) || (await store.inbox.count(session)) !== 1) return;
    if (!(await this.#isAnswered(session, message))) sessions.withdraw(session);
  }

  /** A thread or channel was deleted. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async channelGone(channel: string): Promise<void> {
    const { services, intake } = this.#options;
    for (const session of [threadSession(channel), ...intake.sessionsIn(channel)])
      if (await removeConversation(services, session))
        services.logger.info(
          { session },
          'the place of a conversation was deleted, and the conversation with it',
        );
  }

  async #isAnswered(session: SessionId, message: string): Promise<boolean> {
    const { entries } = await this.#options.services.store.transcript.page(session, { limit: lookedThrough });
    return entries.some(({ id }) => id === message);
  }
}
