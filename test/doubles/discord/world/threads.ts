import {
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayThreadMembersUpdateDispatchData,
  type ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';
import { botSees } from './permissions.js';
import { memberOf, presentChannel, presentMember, presentThreadMember } from './present-channel.js';
import type { ChannelRecord, ThreadRecord } from './records.js';
import type { World } from './world.js';

export interface ThreadChange {
  readonly name?: string;
  readonly archived?: boolean;
  readonly locked?: boolean;
  readonly autoArchive?: ThreadAutoArchiveDuration;
  readonly slowmodeSeconds?: number;
  readonly invitable?: boolean;
}

export function changeThread(world: World, channel: ChannelRecord, change: ThreadChange): void {
  const thread = threadOf(channel);
  const now = world.clock.now();
  if (change.name !== undefined) channel.name = change.name;
  if (change.slowmodeSeconds !== undefined) channel.slowmodeSeconds = change.slowmodeSeconds;
  if (change.locked !== undefined) thread.locked = change.locked;
  if (change.invitable !== undefined) thread.invitable = change.invitable;
  if (change.autoArchive !== undefined) thread.autoArchive = change.autoArchive;
  if (change.archived !== undefined && change.archived !== thread.archived) {
    thread.archived = change.archived;
    thread.archiveChangedAt = now;
    if (!change.archived) thread.activeAt = now;
  }
  threadChanged(world, channel);
}

/** A post opens an archived thread again and makes its author a member. */
export function wakeThread(world: World, channel: ChannelRecord, authorId: string): void {
  const thread = channel.thread;
  if (!thread) return;
  thread.messages += 1;
  thread.totalSent += 1;
  if (isArchived(world, channel)) changeThread(world, channel, { archived: false });
  thread.activeAt = world.clock.now();
  if (world.users.has(authorId) && !thread.members.has(authorId)) joinThread(world, channel, authorId);
}

/** Archives a thread whose quiet time is over; Discord does so by itself, the double when it next looks. */
export function isArchived(world: World, channel: ChannelRecord): boolean {
  const thread = threadOf(channel);
  if (!thread.archived && world.clock.now() - thread.activeAt > thread.autoArchive * 60_000)
    changeThread(world, channel, { archived: true });
  return thread.archived;
}

export function joinThread(world: World, channel: ChannelRecord, userId: string): void {
  const thread = threadOf(channel);
  if (thread.members.has(userId)) return;
  const sawIt = botSees(world, channel);
  const now = world.clock.now();
  thread.members.set(userId, now);
  const member = memberOf(world, channel.guildId, userId);
  if (userId === world.bot.id && sawIt)
    world.emit({
      t: GatewayDispatchEvents.ThreadCreate,
      d: presentChannel(world, channel),
      guildId: channel.guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  membersChanged(world, channel, {
    added_members: [
      {
        ...presentThreadMember(channel, userId, now),
        ...(member ? { member: presentMember(world, member) } : {}),
        presence: null,
      } as NonNullable<GatewayThreadMembersUpdateDispatchData['added_members']>[number],
    ],
  });
}

export function leaveThread(world: World, channel: ChannelRecord, userId: string): void {
  if (threadOf(channel).members.delete(userId))
    membersChanged(world, channel, { removed_member_ids: [userId] });
}

export function threadOf(channel: ChannelRecord): ThreadRecord {
  if (!channel.thread) throw new Error(`channel ${channel.id} is no thread`);
  return channel.thread;
}

function threadChanged(world: World, channel: ChannelRecord): void {
  if (botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.ThreadUpdate,
      d: presentChannel(world, channel),
      guildId: channel.guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  world.touch();
}

function membersChanged(
  world: World,
  channel: ChannelRecord,
  change: Pick<GatewayThreadMembersUpdateDispatchData, 'added_members' | 'removed_member_ids'>,
): void {
  const about = [
    ...(change.added_members ?? []).map((member) => member.user_id),
    ...(change.removed_member_ids ?? []),
  ];
  if (botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.ThreadMembersUpdate,
      d: {
        id: channel.id,
        guild_id: channel.guildId ?? '',
        member_count: Math.min(threadOf(channel).members.size, 50),
        ...change,
      } satisfies GatewayThreadMembersUpdateDispatchData,
      guildId: channel.guildId,
      intents: about.includes(world.bot.id)
        ? [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers]
        : [GatewayIntentBits.GuildMembers],
    });
  world.touch();
}
