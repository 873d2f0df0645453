import type {
  ApplicationCommandsAPI,
  ChannelsAPI,
  InteractionsAPI,
  ThreadsAPI,
  UsersAPI,
} from '@discordjs/core/http-only';
import type { Clock } from '../../../src/clock.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { Logger } from '../../../src/telemetry/logger.js';

/** What the interactions need of the API of @discordjs/core. */
export interface DiscordApi {
  readonly applicationCommands: Pick<
    ApplicationCommandsAPI,
    'getGlobalCommands' | 'getGuildCommands' | 'bulkOverwriteGlobalCommands' | 'bulkOverwriteGuildCommands'
  >;
  readonly interactions: Pick<
    InteractionsAPI,
    | 'reply'
    | 'defer'
    | 'deferMessageUpdate'
    | 'createModal'
    | 'createAutocompleteResponse'
    | 'editReply'
    | 'deleteReply'
    | 'followUp'
  >;
  readonly channels: Pick<ChannelsAPI, 'createThread' | 'createMessage'>;
  readonly threads: Pick<ThreadsAPI, 'addMember' | 'getMember'>;
  readonly users: Pick<UsersAPI, 'createDM'>;
}

export interface InteractionsConfig {
  /** Guilds the commands are registered in (at once, for trying things out); none: everywhere (global commands). */
  readonly commandGuilds: readonly string[];
}

export interface InteractionsOptions {
  readonly api: DiscordApi;
  readonly services: CommandServices;
  /** Hands a message to the core. */
  readonly receive: InboundHandler;
  readonly config: InteractionsConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly applicationId: string;
}
