import { type APIOverwrite, ChannelType, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord } from './records.js';
import type { World } from './world.js';

export const allPermissions = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

/** What everyone may do in a new guild. */
export const everyoneDefault =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.CreatePublicThreads |
  PermissionFlagsBits.CreatePrivateThreads |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.AddReactions |
  PermissionFlagsBits.UseExternalEmojis |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.UseApplicationCommands |
  PermissionFlagsBits.UseExternalApps |
  PermissionFlagsBits.ChangeNickname;

/** What the bot may do where the operator followed the invite link. */
export const usualBotPermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.CreatePublicThreads |
  PermissionFlagsBits.CreatePrivateThreads |
  PermissionFlagsBits.ManageThreads |
  PermissionFlagsBits.ManageWebhooks |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.AddReactions;

/** A member's permissions in the guild as a whole. */
export function guildPermissions(world: World, guild: GuildRecord, userId: string): bigint {
  if (guild.ownerId === userId) return allPermissions;
  const member = guild.members.get(userId);
  if (!member) return 0n;
  let bits = BigInt(guild.roles.get(guild.id)?.permissions ?? '0');
  for (const role of member.roles) bits |= BigInt(guild.roles.get(role)?.permissions ?? '0');
  if (bits & PermissionFlagsBits.Administrator) return allPermissions;
  if (member.timeoutUntil !== null && member.timeoutUntil > world.clock.now())
    bits &= PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;
  return bits;
}

/** A person's permissions in a channel; a thread takes its parent's. Direct messages allow all. */
export function channelPermissions(world: World, channel: ChannelRecord, userId: string): bigint {
  if (channel.guildId === null) return allPermissions;
  const guild = world.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  if (!guild || !member) return 0n;
  let bits = guildPermissions(world, guild, userId);
  if (bits === allPermissions) return bits;
  const parent = channel.thread && channel.parentId ? world.channels.get(channel.parentId) : channel;
  const overwrites = parent?.overwrites ?? [];
  const apply = (found: readonly APIOverwrite[]): void => {
    let allow = 0n;
    let deny = 0n;
    for (const overwrite of found) {
      allow |= BigInt(overwrite.allow);
      deny |= BigInt(overwrite.deny);
    }
    bits = (bits & ~deny) | allow;
  };
  apply(overwrites.filter((one) => one.id === guild.id));
  apply(overwrites.filter((one) => one.type === OverwriteType.Role && member.roles.includes(one.id)));
  apply(overwrites.filter((one) => one.type === OverwriteType.Member && one.id === userId));
  return bits & PermissionFlagsBits.ViewChannel ? bits : 0n;
}

/** Whether the bot is told of a channel at all; of a private thread only as its member or with Manage Threads. */
export function botSees(world: World, channel: ChannelRecord): boolean {
  if (channel.guildId === null) return channel.recipients.includes(world.bot.id);
  const bits = channelPermissions(world, channel, world.bot.id);
  if (!(bits & PermissionFlagsBits.ViewChannel)) return false;
  if (channel.type !== ChannelType.PrivateThread) return true;
  return (
    (bits & PermissionFlagsBits.ManageThreads) !== 0n || channel.thread?.members.has(world.bot.id) === true
  );
}
