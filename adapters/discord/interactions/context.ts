import type {
  ApplicationCommandsAPI,
  ChannelsAPI,
  InteractionsAPI,
  ThreadsAPI,
  UsersAPI,
} from '@discordjs/core/http-only';
import type {
  APIApplicationCommandAutocompleteInteraction,
  APIChatInputApplicationCommandInteraction,
  APIInteraction,
  APIMessageApplicationCommandInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
  RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { Clock } from '../../../src/clock.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { Choice } from '../../../src/commands/steer.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { Answer } from './answer.js';
import type { CommandOptions } from './command-options.js';
import type { CommandWords } from './command-words.js';
import type { ComponentAction, ComponentVerb } from './component-id.js';
import type { Place } from './place.js';
import type { CommandIds } from './registration.js';

/** All that the handling of one interaction works with. */
export interface Context<I extends APIInteraction = APIInteraction> {
  readonly interaction: I;
  readonly place: Place;
  readonly answer: Answer;
  readonly services: CommandServices;
  readonly say: Say;
  readonly discord: InteractionsOptions;
  /** What the platform calls the commands, where that is known. */
  readonly commandIds: CommandIds;
}

/** A slash command. */
export interface SlashCommand {
  readonly name: string;
  define(words: CommandWords, services: CommandServices): RESTPostAPIApplicationCommandsJSONBody;
  run(context: Context<APIChatInputApplicationCommandInteraction>, options: CommandOptions): Promise<void>;
  /** Choices for the option that is being typed. */
  complete?(
    context: Context<APIApplicationCommandAutocompleteInteraction>,
    options: CommandOptions,
  ): Promise<readonly Choice[]> | readonly Choice[];
}

/** An entry of the menu of a message. */
export interface MessageCommand {
  readonly name: string;
  define(words: CommandWords): RESTPostAPIApplicationCommandsJSONBody;
  run(context: Context<APIMessageApplicationCommandInteraction>): Promise<void>;
}

/** What happens when buttons and menus are used. */
export type ComponentHandlers<Verb extends ComponentVerb = ComponentVerb> = {
  readonly [V in Verb]: (
    context: Context<APIMessageComponentInteraction>,
    action: ComponentAction<V>,
  ) => Promise<void>;
};

/** What happens when forms are sent. */
export type FormHandlers<Verb extends ComponentVerb = ComponentVerb> = {
  readonly [V in Verb]: (
    context: Context<APIModalSubmitInteraction>,
    action: ComponentAction<V>,
    fields: ReadonlyMap<string, string>,
  ) => Promise<void>;
};

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
