import {
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  type ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { botSees, channelPermissions } from './permissions.js';
import type { ChannelRecord, CommandRecord } from './records.js';
import type { World } from './world.js';

/** Where a person uses the app, and by whose leave. */
export interface Place {
  readonly context: InteractionContextType;
  /** `0`: the guild (or the bot's own DM) has the app; `1`: the person has. */
  readonly owners: { readonly 0?: string; readonly 1?: string };
}

export function commandsOf(world: World, guildId: string | null): APIApplicationCommand[] {
  return [...world.commands.values()].filter((one) => one.guildId === guildId).map((one) => one.command);
}

/** How a channel looks to the app when a person uses it there. */
export function placeOf(world: World, channel: ChannelRecord, userId: string): Place {
  const installed = world.userInstalls.has(userId)
    ? { [ApplicationIntegrationType.UserInstall]: userId }
    : {};
  if (channel.guildId !== null) {
    const isMember = world.guilds.get(channel.guildId)?.members.has(world.bot.id) === true;
    return {
      context: InteractionContextType.Guild,
      owners: {
        ...(isMember ? { [ApplicationIntegrationType.GuildInstall]: channel.guildId } : {}),
        ...installed,
      },
    };
  }
  if (channel.recipients.includes(world.bot.id))
    return {
      context: InteractionContextType.BotDM,
      owners: { [ApplicationIntegrationType.GuildInstall]: '0', ...installed },
    };
  return { context: InteractionContextType.PrivateChannel, owners: installed };
}

/**
 * The command that a person finds under a name in a channel; a guild's own command hides a global one.
 * @throws Error where Discord would not offer it, saying why.
 */
export function findCommand(
  world: World,
  {
    channel,
    userId,
    name,
    type,
  }: { channel: ChannelRecord; userId: string; name: string; type: ApplicationCommandType },
): { record: CommandRecord; place: Place } {
  const place = placeOf(world, channel, userId);
  const named = [...world.commands.values()].filter(
    (one) => one.command.name === name && one.command.type === type,
  );
  const record =
    named.find((one) => one.guildId !== null && one.guildId === channel.guildId) ??
    named.find((one) => one.guildId === null);
  if (!record) throw new Error(`no command "${name}" is registered here`);
  const refusal = whyHidden(world, record, place, channel, userId);
  if (refusal) throw new Error(`command "${name}" is not offered here: ${refusal}`);
  return { record, place };
}

function whyHidden(
  world: World,
  { command, guildId }: CommandRecord,
  place: Place,
  channel: ChannelRecord,
  userId: string,
): string | null {
  const types = command.integration_types ?? [ApplicationIntegrationType.GuildInstall];
  const owners = (Object.keys(place.owners) as ('0' | '1')[]).map(Number);
  if (guildId === null && !owners.some((owner) => types.includes(owner)))
    return 'the app is not installed for it';
  if (guildId === null && command.contexts && !command.contexts.includes(place.context))
    return 'wrong context';
  if (channel.guildId === null) return null;
  const bits = channelPermissions(world, channel, userId);
  if (!(bits & PermissionFlagsBits.UseApplicationCommands)) return 'the person may not use commands';
  const needed = command.default_member_permissions;
  if (needed !== null && (bits & BigInt(needed)) !== BigInt(needed))
    return 'the person lacks its permissions';
  return null;
}

/** The innermost options of a command after its sub-command names. @throws Error for a name it does not have. */
export function subcommand(
  command: APIApplicationCommand,
  names: readonly string[],
): readonly APIApplicationCommandOption[] {
  let options: readonly APIApplicationCommandOption[] = command.options ?? [];
  for (const name of names) {
    const found = options.find((option) => option.name === name);
    if (!found || !isGroup(found)) throw new Error(`command "${command.name}" has no sub-command "${name}"`);
    options = found.options ?? [];
  }
  if (options.some(isGroup)) throw new Error(`command "${command.name}" needs a sub-command`);
  return options;
}

export function isGroup(
  option: APIApplicationCommandOption,
): option is Extract<APIApplicationCommandOption, { type: 1 | 2 }> {
  return option.type === 1 || option.type === 2;
}

/** Whether what an interaction answers can be shown to others: the app is in the guild, or the person may bring it in. */
export function answersPrivately(world: World, channel: ChannelRecord, userId: string): boolean {
  if (channel.guildId === null || botSees(world, channel)) return false;
  return (channelPermissions(world, channel, userId) & PermissionFlagsBits.UseExternalApps) === 0n;
}
