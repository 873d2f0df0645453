import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { botSees, channelPermissions, guildPermissions } from '../world/permissions.js';
import type { ChannelRecord, GuildRecord, MessageRecord } from '../world/records.js';
import { isArchived } from '../world/threads.js';
import type { World } from '../world/world.js';
import { refusals } from './errors.js';

/** A channel the bot may know of. @throws DiscordError 10003 or 50001. */
export function visibleChannel(world: World, id: string): ChannelRecord {
  const channel = world.channels.get(id);
  if (!channel) throw refusals.unknownChannel();
  if (!botSees(world, channel)) throw refusals.missingAccess();
  return channel;
}

/** @throws DiscordError 10004. */
export function botGuild(world: World, id: string): GuildRecord {
  const guild = world.guilds.get(id);
  if (!guild?.members.has(world.bot.id)) throw refusals.unknownGuild();
  return guild;
}

/** @throws DiscordError 50013 where the bot lacks one of the permissions in a channel. */
export function needsInChannel(
  world: World,
  channel: ChannelRecord,
  ...permissions: readonly bigint[]
): void {
  const bits = channelPermissions(world, channel, world.bot.id);
  if (permissions.some((permission) => (bits & permission) === 0n)) throw refusals.missingPermissions();
}

/** @throws DiscordError 50013 where the bot lacks one of the permissions in a guild. */
export function needsInGuild(world: World, guild: GuildRecord, ...permissions: readonly bigint[]): void {
  const bits = guildPermissions(world, guild, world.bot.id);
  if (permissions.some((permission) => (bits & permission) === 0n)) throw refusals.missingPermissions();
}

export function botMay(world: World, channel: ChannelRecord, permission: bigint): boolean {
  return (channelPermissions(world, channel, world.bot.id) & permission) !== 0n;
}

const textTypes: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.DM,
  ChannelType.GroupDM,
  ChannelType.GuildVoice,
  ChannelType.GuildAnnouncement,
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.GuildStageVoice,
]);

/** Whether the bot may write here as itself. @throws DiscordError 50007, 50008, 50013, 50083. */
export function mayPost(world: World, channel: ChannelRecord): void {
  if (!textTypes.has(channel.type)) throw refusals.notText();
  if (channel.type === ChannelType.DM && channel.recipients.some((id) => world.dmsRefused.has(id)))
    throw refusals.cannotDm();
  if (channel.guildId === null) return;
  const send = channel.thread ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages;
  needsInChannel(world, channel, send);
  threadTakesPosts(world, channel, botMay(world, channel, PermissionFlagsBits.ManageThreads));
}

/** A locked thread takes posts from its moderators alone; an archived one is opened by the post itself. @throws DiscordError 50083, 160005. */
export function threadTakesPosts(world: World, channel: ChannelRecord, mayManage: boolean): void {
  if (!channel.thread?.locked || mayManage) return;
  throw isArchived(world, channel) ? refusals.lockedAndArchived() : refusals.threadLocked();
}

/** Nothing changes in an archived thread until a post opens it, nor in a locked one but by its moderators. @throws DiscordError 50083, 160005. */
export function threadTakesChanges(world: World, channel: ChannelRecord): void {
  if (!channel.thread) return;
  if (isArchived(world, channel)) throw refusals.threadArchived();
  if (channel.thread.locked && !botMay(world, channel, PermissionFlagsBits.ManageThreads))
    throw refusals.threadLocked();
}

/** @throws DiscordError 10008, 50013 without Read Message History. */
export function readableMessage(world: World, channel: ChannelRecord, id: string): MessageRecord {
  needsInChannel(world, channel, PermissionFlagsBits.ReadMessageHistory);
  return existingMessage(world, channel, id);
}

/** @throws DiscordError 10008; ephemeral messages are not there for ordinary routes. */
export function existingMessage(world: World, channel: ChannelRecord, id: string): MessageRecord {
  const message = world.message(channel.id, id);
  if (!message || message.ephemeralFor !== null) throw refusals.unknownMessage();
  return message;
}
