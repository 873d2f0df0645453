import type {
  ApplicationCommandsAPI,
  ChannelsAPI,
  InteractionsAPI,
  ThreadsAPI,
  UsersAPI,
} from '@discordjs/core/http-only';
import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteractionDataBasicOption,
  type APIApplicationCommandInteractionDataOption,
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageApplicationCommandInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandOptionType,
  type InteractionType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { Clock } from '../../../src/clock.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { Choice } from '../../../src/commands/steer.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { Answer } from './answer.js';
import type { CommandWords } from './command-words.js';
import type { ComponentAction, ComponentVerb } from './component-id.js';
import type { Place } from './place.js';
import type { CommandIds } from './registration.js';

/** Takes the interactions of the gateway (slash commands, components, modals, autocomplete). */
export interface InteractionHandler {
  /**
   * Acknowledges and answers one interaction. Call it at once, off the message path: the platform waits 3 s.
   * Never rejects; what goes wrong is told to the person and logged. Resolves when nothing of it runs any more.
   */
  handle(interaction: APIInteraction): Promise<void>;
}

type Option = APIApplicationCommandInteractionDataOption<
  InteractionType.ApplicationCommand | InteractionType.ApplicationCommandAutocomplete
>;
type BasicOption = APIApplicationCommandInteractionDataBasicOption<
  InteractionType.ApplicationCommand | InteractionType.ApplicationCommandAutocomplete
>;

/** What a person filled in behind a slash command. */
export interface CommandOptions {
  /** Null for a command that has none. */
  readonly subcommand: string | null;
  /** Text, trimmed; undefined where nothing was given. */
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  /** The option that is being typed, with what stands in it so far. */
  readonly focused: { readonly name: string; readonly typed: string } | null;
}

export function readOptions(given: readonly Option[] = []): CommandOptions {
  const [first] = given;
  const nested = first?.type === ApplicationCommandOptionType.Subcommand ? first : null;
  const basic = (nested ? (nested.options ?? []) : given).filter(isBasic);
  const value = (name: string): string | number | boolean | undefined =>
    basic.find((option) => option.name === name)?.value;
  const focused = basic.find((option) => 'focused' in option && option.focused === true);
  return {
    subcommand: nested?.name ?? null,
    text: (name) => {
      const text = value(name);
      return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
    },
    number: (name) => {
      const number = value(name);
      return typeof number === 'number' ? number : undefined;
    },
    flag: (name) => {
      const flag = value(name);
      return typeof flag === 'boolean' ? flag : undefined;
    },
    focused: focused ? { name: focused.name, typed: String(focused.value) } : null,
  };
}

function isBasic(option: Option): option is BasicOption {
  return 'value' in option;
}

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
