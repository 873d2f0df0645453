import type { CommandServices } from '../../../src/commands/command-services.js';
import { resetConversation } from '../../../src/commands/conversation.js';
import { removeSettings } from '../../../src/commands/settings.js';
import { discordCommunity, threadSession } from '../ids.js';
import type { Intake } from './intake.js';

export interface DeparturesOptions {
  readonly services: Pick<CommandServices, 'store' | 'sessions' | 'clock' | 'logger'>;
  readonly intake: Intake;
}

/** Places that cease to exist take their conversations with them, quietly: there is nobody left to tell. */
export class Departures {
  readonly #options: DeparturesOptions;

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** A thread or channel was deleted. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async channelGone(channel: string): Promise<void> {
    const { services, intake } = this.#options;
    for (const session of [threadSession(channel), ...intake.sessionsIn(channel)])
      if (await resetConversation(services, session))
        services.logger.info(
          { session },
          'the place of a conversation was deleted, and the conversation with it',
        );
  }

  /** The bot was removed from a guild, or the guild is gone. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async guildGone(guild: string): Promise<void> {
    const { services } = this.#options;
    services.logger.info({ guild }, 'the bot was removed from a server');
    await removeSettings(services, discordCommunity(guild));
  }
}
