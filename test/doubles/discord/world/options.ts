import {
  type APIApplicationCommandOption,
  type APIAttachment,
  type APIInteractionDataResolved,
  ApplicationCommandOptionType,
} from 'discord-api-types/v10';
import { storeFile } from './files.js';
import { channelPermissions } from './permissions.js';
import { memberOf, memberWithoutUser, presentChannel, presentUser } from './present-channel.js';
import type { ChannelRecord } from './records.js';
import type { World } from './world.js';

/** A file a person gives with a command or a modal. */
export interface GivenFile {
  readonly name: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly contentType?: string;
}

/** What a person types into a command's option: for users, channels and roles their id. */
export type OptionValue = string | number | boolean | GivenFile;

export interface GivenOptions {
  readonly options: object[];
  readonly resolved: APIInteractionDataResolved;
}

/** Turns what a person typed into an interaction's options. @throws Error where Discord's client would not let them send it. */
export function giveOptions(
  world: World,
  channel: ChannelRecord,
  declared: readonly APIApplicationCommandOption[],
  given: Readonly<Record<string, OptionValue>>,
  focused: string | null = null,
): GivenOptions {
  const resolved = new Resolved(world, channel);
  for (const name of Object.keys(given))
    if (!declared.some((option) => option.name === name)) throw new Error(`there is no option "${name}"`);
  const options: object[] = [];
  for (const option of declared) {
    const value = given[option.name];
    if (value === undefined) {
      const required = 'required' in option && option.required === true;
      if (required && focused === null) throw new Error(`option "${option.name}" is required`);
      continue;
    }
    if (focused === null) checkValue(option, value);
    options.push({
      name: option.name,
      type: option.type,
      value: resolved.value(option.type, value, focused === option.name),
      ...(focused === option.name ? { focused: true } : {}),
    });
  }
  return { options, resolved: resolved.data };
}

function checkValue(option: APIApplicationCommandOption, value: OptionValue): void {
  const wrong = (why: string): Error => new Error(`option "${option.name}" ${why}`);
  if (option.type === ApplicationCommandOptionType.String) {
    if (typeof value !== 'string') throw wrong('takes text');
    const {
      min_length: least,
      max_length: most,
      choices,
    } = option as {
      min_length?: number;
      max_length?: number;
      choices?: { value: string }[];
    };
    if (value.length > Math.min(most ?? 6_000, 6_000)) throw wrong('is too long');
    if (value.length < (least ?? 0)) throw wrong('is too short');
    if (choices?.length && !choices.some((choice) => choice.value === value))
      throw wrong('has no such choice');
  }
  const isNumber =
    option.type === ApplicationCommandOptionType.Integer ||
    option.type === ApplicationCommandOptionType.Number;
  if (isNumber) {
    if (typeof value !== 'number') throw wrong('takes a number');
    const {
      min_value: least,
      max_value: most,
      choices,
    } = option as {
      min_value?: number;
      max_value?: number;
      choices?: { value: number }[];
    };
    if (least !== undefined && value < least) throw wrong('is too small');
    if (most !== undefined && value > most) throw wrong('is too great');
    if (choices?.length && !choices.some((choice) => choice.value === value))
      throw wrong('has no such choice');
  }
  if (option.type === ApplicationCommandOptionType.Boolean && typeof value !== 'boolean')
    throw wrong('takes yes or no');
  if (option.type === ApplicationCommandOptionType.Attachment && typeof value !== 'object')
    throw wrong('takes a file');
}

/** Collects the objects that an interaction's ids stand for. */
export class Resolved {
  readonly data: APIInteractionDataResolved = {};
  readonly #world: World;
  readonly #channel: ChannelRecord;

  constructor(world: World, channel: ChannelRecord) {
    this.#world = world;
    this.#channel = channel;
  }

  /** @returns what goes into the option: the value, or the id of what it names. */
  value(type: ApplicationCommandOptionType, value: OptionValue, typing: boolean): string | number | boolean {
    if (typeof value === 'object') return this.file(value).id;
    if (typing) return String(value);
    if (type === ApplicationCommandOptionType.User) this.user(String(value));
    if (type === ApplicationCommandOptionType.Channel) this.channel(String(value));
    if (type === ApplicationCommandOptionType.Role) this.role(String(value));
    if (type === ApplicationCommandOptionType.Mentionable && !this.role(String(value)))
      this.user(String(value));
    return value;
  }

  file(file: GivenFile): APIAttachment {
    const attachment = {
      ...storeFile(this.#world, this.#channel.id, {
        name: file.name,
        contentType: file.contentType ?? 'text/plain; charset=utf-8',
        bytes: file.bytes ?? new TextEncoder().encode(file.text ?? ''),
      }),
      ephemeral: true,
    };
    this.data.attachments = { ...this.data.attachments, [attachment.id]: attachment };
    return attachment;
  }

  user(id: string): void {
    this.data.users = { ...this.data.users, [id]: presentUser(this.#world, id) };
    const member = memberOf(this.#world, this.#channel.guildId, id);
    if (!member) return;
    const permissions = channelPermissions(this.#world, this.#channel, id).toString();
    this.data.members = { ...this.data.members, [id]: { ...memberWithoutUser(member), permissions } };
  }

  channel(id: string): void {
    const channel = this.#world.channels.get(id);
    if (!channel) throw new Error(`there is no channel ${id}`);
    const shown = presentChannel(this.#world, channel);
    const permissions = channelPermissions(this.#world, channel, this.#world.bot.id).toString();
    this.data.channels = {
      ...this.data.channels,
      [id]: { ...shown, permissions } as unknown as NonNullable<
        APIInteractionDataResolved['channels']
      >[string],
    };
  }

  role(id: string): boolean {
    const role = this.#world.guilds.get(this.#channel.guildId ?? '')?.roles.get(id);
    if (role) this.data.roles = { ...this.data.roles, [id]: role };
    return role !== undefined;
  }
}
