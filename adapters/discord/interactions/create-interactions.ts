import { DiscordAPIError } from '@discordjs/rest';
import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandType,
  InteractionType,
  RESTJSONErrorCodes,
} from 'discord-api-types/v10';
import { RapportError, reasonOf } from '../../../config/errors.js';
import { withOwn } from '../../../src/commands/own-characters.js';
import { Answer, inTime, NotAnswerable } from './answer.js';
import { CommandWords, otherTranslations } from './command-words.js';
import { defineCommands, messageCommand, slashCommands } from './commands/all-commands.js';
import { type ComponentAction, type ComponentVerb, readComponentId } from './component-id.js';
import { alertHandlers } from './components/alert.js';
import { choosingForms, choosingHandlers } from './components/choosing.js';
import { ownDataForms, ownDataHandlers } from './components/own-data.js';
import { replyHandlers, writingForms, writingHandlers } from './components/reply.js';
import {
  type ComponentHandlers,
  type Context,
  type FormHandlers,
  type InteractionHandler,
  type InteractionsOptions,
  readOptions,
} from './context.js';
import { fieldsOf } from './forms.js';
import { type MessageBody, message, notice, plain, small, text } from './message-body.js';
import { placeOf } from './place.js';
import { CommandIds, type RegistrationReport, registerCommands } from './registration.js';
import { communityHandlers } from './settings-page.js';

export interface Interactions extends InteractionHandler {
  /** Tells Discord of the commands where something has changed. Never rejects. */
  register(): Promise<RegistrationReport>;
}

/** Slash commands, buttons, menus and forms. No state is kept but what Discord calls the commands. */
export function createInteractions(discord: InteractionsOptions): Interactions {
  const { services, api, logger } = discord;
  const commandIds = new CommandIds();
  const words = new CommandWords(services.say, otherTranslations(services.config.locale));
  return {
    register: () => registerCommands(discord, defineCommands(words, services), commandIds),
    handle: async (interaction) => {
      const place = placeOf(interaction);
      if (!place) return;
      const context: Context = {
        interaction,
        place,
        services: withOwn(services, place.person),
        discord,
        commandIds,
        say: services.say,
        answer: new Answer(api.interactions, interaction),
      };
      try {
        await dispatch(context);
      } catch (error) {
        await tellError(context, error).catch((failed: unknown) =>
          logger.warn(
            { interaction: interaction.id, reason: reasonOf(failed) },
            'a person could not be told of an error',
          ),
        );
      }
    },
  };
}

function dispatch(context: Context): Promise<void> {
  const { interaction } = context;
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      return runCommand({ ...context, interaction });
    case InteractionType.ApplicationCommandAutocomplete:
      return complete({ ...context, interaction });
    case InteractionType.MessageComponent:
      return useComponent({ ...context, interaction });
    case InteractionType.ModalSubmit:
      return takeForm({ ...context, interaction });
    default:
      return Promise.resolve();
  }
}

async function runCommand(context: Context<APIApplicationCommandInteraction>): Promise<void> {
  const { interaction, answer, say } = context;
  const { data } = interaction;
  if (data.type === ApplicationCommandType.ChatInput) {
    const command = slashCommands.find(({ name }) => name === data.name);
    // The type follows from that of the data.
    if (command)
      return command.run(
        { ...context, interaction: interaction as Parameters<typeof command.run>[0]['interaction'] },
        readOptions(data.options),
      );
  } else if (data.type === ApplicationCommandType.Message) {
    return messageCommand.run({
      ...context,
      interaction: interaction as Parameters<typeof messageCommand.run>[0]['interaction'],
    });
  }
  return answer.tell(notice(say('discord.unknownCommand')));
}

/** Choices come at once or not at all: a failure shows as an empty list. */
async function complete(context: Context<APIApplicationCommandAutocompleteInteraction>): Promise<void> {
  const { interaction, answer, discord } = context;
  const { data } = interaction;
  const command = slashCommands.find(({ name }) => name === data.name);
  const found = Promise.resolve()
    .then(() => command?.complete?.(context, readOptions(data.options)) ?? [])
    .catch((error: unknown) => {
      discord.logger.info({ command: data.name, reason: reasonOf(error) }, 'no choices can be offered');
      return [];
    });
  const choices = await inTime(discord.clock, found).catch(() => []);
  await answer.choices(choices);
}

async function useComponent(context: Context<APIMessageComponentInteraction>): Promise<void> {
  const action = readComponentId(context.interaction.data.custom_id);
  const handler = action && handlerOf(componentHandlers, action);
  return handler ? handler(context, action) : context.answer.tell(notice(context.say('discord.oldButton')));
}

async function takeForm(context: Context<APIModalSubmitInteraction>): Promise<void> {
  const { data } = context.interaction;
  const action = readComponentId(data.custom_id);
  const handler = action && handlerOf(formHandlers, action);
  return handler
    ? handler(context, action, fieldsOf(data))
    : context.answer.tell(notice(context.say('discord.oldButton')));
}

/** The handler of an action's verb: the verb says which fields the action has. */
function handlerOf<Arguments extends readonly unknown[]>(
  handlers: Partial<
    Record<ComponentVerb, (context: never, action: never, ...more: never[]) => Promise<void>>
  >,
  action: ComponentAction,
): ((...given: Arguments) => Promise<void>) | undefined {
  return handlers[action.do] as ((...given: Arguments) => Promise<void>) | undefined;
}

async function tellError(context: Context, error: unknown): Promise<void> {
  const { answer, interaction, discord } = context;
  if (isOver(error)) {
    discord.logger.info({ interaction: interaction.id, why: error.why }, 'an interaction was not answered');
    return;
  }
  const coded = codedError(error, context);
  if (interaction.type !== InteractionType.ApplicationCommandAutocomplete)
    await answer.tell(errorMessage(coded, context));
}

/** Codes with which Discord says that the bot may not. */
const forbidden: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
]);

/** Anything that was thrown as a coded error; what is not coded gets a reference that the log can be searched for. */
function codedError(
  thrown: unknown,
  { services, discord, interaction }: Pick<Context, 'services' | 'discord' | 'interaction'>,
): RapportError {
  if (thrown instanceof RapportError) return thrown;
  if (thrown instanceof DiscordAPIError && forbidden.has(thrown.code))
    return new RapportError(
      'RAPPORT_E_DELIVERY_FAILED',
      { platform: 'Discord', reason: thrown.message },
      thrown,
    );
  const reference = services.random.id();
  discord.logger.error(
    {
      reference,
      interaction: interaction.id,
      stack: thrown instanceof Error ? thrown.stack : String(thrown),
    },
    'unexpected error in an interaction',
  );
  return new RapportError('RAPPORT_E_INTERNAL', { reference }, thrown);
}

/** An error in plain words: what happened and what can be done here. */
function errorMessage(
  error: RapportError,
  context: Pick<Context, 'say' | 'commandIds' | 'place'>,
): MessageBody {
  return message(text(`⚠️ ${plain(error.message)}\n${small(cureOf(error, context))}`));
}

/** The cures of the error table speak to operators as well: who is on Discord is told what can be done there. */
function cureOf(
  { code, cure }: RapportError,
  { say, commandIds, place }: Pick<Context, 'say' | 'commandIds' | 'place'>,
): string {
  if (code !== 'RAPPORT_E_CHARACTER_UNKNOWN') return plain(cure);
  return say('discord.unknownCharacter', { gallery: commandIds.mention('character gallery', place.guild) });
}

/** Whether nothing is left to be done: nobody can be told. */
function isOver(thrown: unknown): thrown is NotAnswerable {
  return thrown instanceof NotAnswerable;
}

const formHandlers = {
  ...choosingForms,
  ...ownDataForms,
  ...writingForms,
} satisfies Partial<FormHandlers>;

const componentHandlers = {
  ...replyHandlers,
  ...writingHandlers,
  ...choosingHandlers,
  ...ownDataHandlers,
  ...communityHandlers,
  ...alertHandlers,
} satisfies Partial<ComponentHandlers>;
