import {
  type APIChannel,
  type APIGuildMember,
  type APIThreadMember,
  type APIUser,
  ChannelType,
  type GuildMemberFlags,
  type ThreadMemberFlags,
} from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord, MemberRecord, ThreadRecord } from './records.js';
import type { World } from './world.js';

const publicUser = (world: World, id: string): APIUser => {
  const user = world.users.get(id);
  if (!user) throw new Error(`no user ${id} in the double`);
  return user;
};

export { publicUser as presentUser };

/** A member as guild payloads hold it, with the user. */
export function presentMember(world: World, member: MemberRecord): APIGuildMember {
  return { user: publicUser(world, member.userId), ...memberWithoutUser(member) };
}

/** A member as messages hold it: the user stands beside it. */
export function memberWithoutUser(member: MemberRecord): Omit<APIGuildMember, 'user' | 'joined_at'> & {
  joined_at: string;
} {
  return {
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: [...member.roles],
    joined_at: new Date(member.joinedAt).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0 as GuildMemberFlags,
    pending: false,
    communication_disabled_until:
      member.timeoutUntil === null ? null : new Date(member.timeoutUntil).toISOString(),
  };
}

/** A channel or thread as REST answers and dispatches show it to the bot. */
export function presentChannel(world: World, channel: ChannelRecord): APIChannel {
  if (channel.thread) return presentThread(world, channel, channel.thread);
  if (channel.type === ChannelType.DM || channel.type === ChannelType.GroupDM)
    return {
      id: channel.id,
      type: channel.type,
      last_message_id: channel.lastMessageId,
      flags: 0,
      recipients: channel.recipients.filter((id) => id !== world.bot.id).map((id) => publicUser(world, id)),
      ...(channel.type === ChannelType.GroupDM
        ? { name: channel.name, owner_id: channel.recipients[0] }
        : {}),
    } as unknown as APIChannel;
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    topic: channel.topic,
    parent_id: channel.parentId,
    position: channel.position,
    permission_overwrites: channel.overwrites,
    nsfw: channel.nsfw,
    rate_limit_per_user: channel.slowmodeSeconds,
    last_message_id: channel.lastMessageId,
    last_pin_timestamp: null,
    flags: 0,
    ...(channel.type === ChannelType.GuildForum
      ? {
          available_tags: [],
          default_reaction_emoji: null,
          default_sort_order: null,
          default_forum_layout: 0,
        }
      : {}),
  } as unknown as APIChannel;
}

function presentThread(world: World, channel: ChannelRecord, thread: ThreadRecord): APIChannel {
  const joined = thread.members.get(world.bot.id);
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    parent_id: channel.parentId,
    owner_id: thread.ownerId,
    last_message_id: channel.lastMessageId,
    rate_limit_per_user: channel.slowmodeSeconds,
    flags: 0,
    message_count: thread.messages,
    total_message_sent: thread.totalSent,
    member_count: Math.min(thread.members.size, 50),
    thread_metadata: {
      archived: thread.archived,
      locked: thread.locked,
      auto_archive_duration: thread.autoArchive,
      archive_timestamp: new Date(thread.archiveChangedAt).toISOString(),
      create_timestamp: new Date(thread.createdAt).toISOString(),
      ...(channel.type === ChannelType.PrivateThread ? { invitable: thread.invitable } : {}),
    },
    ...(joined === undefined ? {} : { member: { join_timestamp: new Date(joined).toISOString(), flags: 0 } }),
  } as unknown as APIChannel;
}

export function presentThreadMember(channel: ChannelRecord, userId: string, at: number): APIThreadMember {
  return {
    id: channel.id,
    user_id: userId,
    join_timestamp: new Date(at).toISOString(),
    flags: 0 as ThreadMemberFlags,
  };
}

export function memberOf(world: World, guildId: string | null, userId: string): MemberRecord | undefined {
  return guildId === null ? undefined : guildOf(world, guildId).members.get(userId);
}

export function guildOf(world: World, guildId: string): GuildRecord {
  const guild = world.guilds.get(guildId);
  if (!guild) throw new Error(`no guild ${guildId} in the double`);
  return guild;
}

export function channelOf(world: World, channelId: string): ChannelRecord {
  const channel = world.channels.get(channelId);
  if (!channel) throw new Error(`no channel ${channelId} in the double`);
  return channel;
}
