import {
  ApplicationCommandType,
  ComponentType,
  InteractionResponseType,
  InteractionType,
} from 'discord-api-types/v10';
import { type SeenMessage, seen } from '../view.js';
import { findCommand, placeOf, subcommand } from '../world/commands.js';
import { createInteraction, firstAnswerMs } from '../world/interactions.js';
import { flatten } from '../world/nodes.js';
import { giveOptions, type OptionValue } from '../world/options.js';
import { channelOf, memberOf, memberWithoutUser, presentUser } from '../world/present-channel.js';
import { presentMessage } from '../world/present-message.js';
import type { InteractionCallback, InteractionRecord, MessageRecord } from '../world/records.js';
import { fillModal, type ModalValue } from './fill-modal.js';
import { idOf, type Ref } from './places.js';
import { Talk } from './talk.js';

/** What a person set off; {@link Interact.interaction} says what became of it. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly userId: string;
}

/** What the app has answered so far. */
export interface InteractionState {
  readonly callback: InteractionCallback | null;
  /** Between the interaction and its first answer. */
  readonly answeredAfterMs: number | null;
  /** What `@original` stands for. */
  readonly original: SeenMessage | null;
  readonly followUps: readonly SeenMessage[];
}

/** Commands, buttons, menus and modals, as people use them. What Discord's client would not offer throws. */
export class Interact extends Talk {
  /**
   * Sends a slash command.
   * @param command its name with those of its sub-commands: `memory add`.
   * @param options by name; an id for users, channels and roles, a file for attachments.
   */
  slash(
    user: Ref,
    channel: Ref,
    command: string,
    options: Readonly<Record<string, OptionValue>> = {},
  ): Interaction {
    return this.#command(InteractionType.ApplicationCommand, user, channel, command, options, null);
  }

  /** Types into an option that completes itself. @returns what is offered, or throws when nothing comes within 3 s. */
  async autocomplete(
    user: Ref,
    channel: Ref,
    command: string,
    { focused, options }: { focused: string; options: Readonly<Record<string, OptionValue>> },
  ): Promise<NonNullable<InteractionCallback['choices']>> {
    const type = InteractionType.ApplicationCommandAutocomplete;
    const callback = await this.acknowledged(this.#command(type, user, channel, command, options, focused));
    return callback.choices ?? [];
  }

  /** Uses a command from a message's menu. */
  messageCommand(user: Ref, message: Ref, name: string): Interaction {
    const world = this.world;
    const target = this.#visible(idOf(user), idOf(message));
    const channel = channelOf(world, target.channelId);
    const type = ApplicationCommandType.Message;
    const { record, place } = findCommand(world, { channel, userId: idOf(user), name, type });
    return handle(
      createInteraction(world, {
        type: InteractionType.ApplicationCommand,
        userId: idOf(user),
        channel,
        place,
        commandName: name,
        commandType: type,
        targetMessageId: target.id,
        data: {
          id: record.command.id,
          name,
          type,
          target_id: target.id,
          resolved: { messages: { [target.id]: presentMessage(world, target, true) } },
          ...(record.guildId === null ? {} : { guild_id: record.guildId }),
        },
      }),
    );
  }

  /** Uses a command from a person's menu. */
  userCommand(user: Ref, channel: Ref, target: Ref, name: string): Interaction {
    const world = this.world;
    const record = channelOf(world, idOf(channel));
    const type = ApplicationCommandType.User;
    const found = findCommand(world, { channel: record, userId: idOf(user), name, type });
    const member = memberOf(world, record.guildId, idOf(target));
    return handle(
      createInteraction(world, {
        type: InteractionType.ApplicationCommand,
        userId: idOf(user),
        channel: record,
        place: found.place,
        commandName: name,
        commandType: type,
        data: {
          id: found.record.command.id,
          name,
          type,
          target_id: idOf(target),
          resolved: {
            users: { [idOf(target)]: presentUser(world, idOf(target)) },
            ...(member
              ? { members: { [idOf(target)]: { ...memberWithoutUser(member), permissions: '0' } } }
              : {}),
          },
        },
      }),
    );
  }

  /** Presses a message's button. @param button its custom id, or its label. */
  press(user: Ref, message: Ref, button: string): Interaction {
    const target = this.#visible(idOf(user), idOf(message));
    const buttons = flatten(target.components).filter((node) => node.type === ComponentType.Button);
    const found =
      buttons.find((node) => node.custom_id === button) ?? buttons.find((node) => node.label === button);
    if (!found) throw new Error(`message ${target.id} has no button "${button}", only ${names(buttons)}`);
    if (found.disabled === true) throw new Error(`button "${button}" is disabled`);
    return this.#component(user, target, {
      component_type: ComponentType.Button,
      custom_id: found.custom_id,
      id: found.id,
    });
  }

  /** Chooses from a message's menu. @param values of its options; ids for menus of people, roles and channels. */
  select(user: Ref, message: Ref, customId: string, values: readonly string[]): Interaction {
    const target = this.#visible(idOf(user), idOf(message));
    const found = flatten(target.components).find((node) => node.custom_id === customId);
    if (!found || found.type === ComponentType.Button)
      throw new Error(`message ${target.id} has no menu "${customId}"`);
    if (found.disabled === true) throw new Error(`menu "${customId}" is disabled`);
    const options = (found.options ?? []) as readonly { readonly value: string }[];
    const strange = values.find((value) => !options.some((option) => option.value === value));
    if (found.type === ComponentType.StringSelect && strange !== undefined)
      throw new Error(`menu "${customId}" has no option "${strange}"`);
    return this.#component(user, target, {
      component_type: found.type,
      custom_id: customId,
      id: found.id,
      values,
      ...(found.type === ComponentType.UserSelect
        ? { resolved: { users: Object.fromEntries(values.map((id) => [id, presentUser(this.world, id)])) } }
        : {}),
    });
  }

  /**
   * Fills in the modal that an interaction was answered with, and sends it.
   * @param values by custom id; what is left out stays as the modal had it.
   */
  submitModal(opener: Interaction, values: Readonly<Record<string, ModalValue>>): Interaction {
    const world = this.world;
    const record = this.#record(opener.id);
    const modal = record.callback?.modal;
    if (!modal) throw new Error(`interaction ${opener.id} was not answered with a modal`);
    const channel = channelOf(world, record.channelId);
    const source = record.sourceMessageId === null ? undefined : world.anyMessage(record.sourceMessageId);
    return handle(
      createInteraction(world, {
        type: InteractionType.ModalSubmit,
        userId: record.userId,
        channel,
        place: placeOf(world, channel, record.userId),
        opener: record,
        data: fillModal(world, channel, modal, values),
        ...(source ? { sourceMessage: source } : {}),
      }),
    );
  }

  /** What became of an interaction so far. */
  interaction(interaction: Ref): InteractionState {
    const record = this.#record(idOf(interaction));
    const shown = (id: string | null): SeenMessage | null => {
      const message = id === null ? undefined : this.world.anyMessage(id);
      return message ? seen(this.world, message) : null;
    };
    return {
      callback: record.callback,
      answeredAfterMs: record.callback === null ? null : record.callback.at - record.createdAt,
      original: shown(record.originalId),
      followUps: record.followUpIds.map(shown).filter((one) => one !== null),
    };
  }

  /** Resolves with the app's first answer. @throws Error when none came in 3 s: "the application did not respond". */
  async acknowledged(interaction: Ref): Promise<InteractionCallback> {
    const record = this.#record(idOf(interaction));
    return this.until(() => record.callback, {
      timeoutMs: firstAnswerMs + 500,
      what: `the first answer to interaction ${record.commandName ?? record.id}`,
    });
  }

  /** Resolves with the first answer's message once it is more than "is thinking". */
  async answered(interaction: Ref, options: { timeoutMs?: number } = {}): Promise<SeenMessage> {
    return this.until(
      () => {
        const { original } = this.interaction(interaction);
        return original !== null && !original.thinking ? original : null;
      },
      { what: 'the text of the answer', ...options },
    );
  }

  /** Resolves with the modal that opens. */
  async modal(interaction: Ref): Promise<NonNullable<InteractionCallback['modal']>> {
    const callback = await this.acknowledged(interaction);
    if (callback.type !== InteractionResponseType.Modal || !callback.modal)
      throw new Error(`the interaction was answered with type ${callback.type}, not with a modal`);
    return callback.modal;
  }

  #command(
    type: InteractionType.ApplicationCommand | InteractionType.ApplicationCommandAutocomplete,
    user: Ref,
    channelRef: Ref,
    command: string,
    given: Readonly<Record<string, OptionValue>>,
    focused: string | null,
  ): Interaction {
    const world = this.world;
    const channel = channelOf(world, idOf(channelRef));
    const [name = '', ...below] = command.split(' ');
    const { record, place } = findCommand(world, {
      channel,
      userId: idOf(user),
      name,
      type: ApplicationCommandType.ChatInput,
    });
    const declared = subcommand(record.command, below);
    const option = declared.find((one) => one.name === focused);
    if (focused !== null && !(option && 'autocomplete' in option && option.autocomplete))
      throw new Error(`option "${focused}" of "${command}" does not complete itself`);
    const { options, resolved } = giveOptions(world, channel, declared, given, focused);
    return handle(
      createInteraction(world, {
        type,
        userId: idOf(user),
        channel,
        place,
        commandName: command,
        commandType: ApplicationCommandType.ChatInput,
        data: {
          id: record.command.id,
          name,
          type: ApplicationCommandType.ChatInput,
          options: nest(below, options),
          ...(Object.keys(resolved).length === 0 ? {} : { resolved }),
          ...(record.guildId === null ? {} : { guild_id: record.guildId }),
        },
      }),
    );
  }

  #component(user: Ref, message: MessageRecord, data: object): Interaction {
    const world = this.world;
    if (message.applicationId !== world.application.id && message.author.userId !== world.bot.id)
      throw new Error(`message ${message.id} is none of the app's`);
    const channel = channelOf(world, message.channelId);
    return handle(
      createInteraction(world, {
        type: InteractionType.MessageComponent,
        userId: idOf(user),
        channel,
        place: placeOf(world, channel, idOf(user)),
        data,
        sourceMessage: message,
      }),
    );
  }

  #visible(userId: string, messageId: string): MessageRecord {
    const message = this.world.anyMessage(messageId);
    if (!message || message.deletedAt !== null) throw new Error(`no message ${messageId} in the double`);
    if (message.ephemeralFor !== null && message.ephemeralFor !== userId)
      throw new Error(`message ${messageId} is not shown to user ${userId}`);
    return message;
  }

  #record(id: string): InteractionRecord {
    const record = this.world.interactions.get(id);
    if (!record) throw new Error(`no interaction ${id} in the double`);
    return record;
  }
}

function handle(record: InteractionRecord): Interaction {
  return { id: record.id, token: record.token, channelId: record.channelId, userId: record.userId };
}

/** Puts options inside the sub-commands that lead to them. */
function nest(names: readonly string[], options: object[]): object[] {
  const [first, ...rest] = names;
  if (first === undefined) return options;
  return [{ name: first, type: rest.length > 0 ? 2 : 1, options: nest(rest, options) }];
}

function names(buttons: readonly Readonly<Record<string, unknown>>[]): string {
  return buttons.map((node) => `"${String(node.label ?? node.custom_id)}"`).join(', ') || 'none';
}
