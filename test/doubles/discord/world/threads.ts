import {
  ChannelType,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayThreadMembersUpdateDispatchData,
  MessageType,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';
import { messageChanged } from './message-events.js';
import { botSees } from './permissions.js';
import { memberOf, presentChannel, presentMember, presentThreadMember } from './present-channel.js';
import type { ChannelRecord, MessageRecord, ThreadRecord } from './records.js';
import type { World } from './world.js';

export interface NewThread {
  readonly parent: ChannelRecord;
  readonly name: string;
  readonly ownerId: string;
  readonly type?: ChannelType;
  /** A thread made from a message takes that message's id. */
  readonly from?: MessageRecord;
  readonly autoArchive?: ThreadAutoArchiveDuration;
  readonly invitable?: boolean;
  readonly slowmodeSeconds?: number;
}

/** Opens a thread; its owner is its first member. */
export function createThread(world: World, thread: NewThread): ChannelRecord {
  const { parent, from } = thread;
  const now = world.clock.now();
  const channel: ChannelRecord = {
    id: from?.id ?? world.ids.next(),
    type: thread.type ?? ChannelType.PublicThread,
    guildId: parent.guildId,
    name: thread.name,
    topic: null,
    parentId: parent.id,
    overwrites: [],
    recipients: [],
    position: 0,
    nsfw: parent.nsfw,
    slowmodeSeconds: thread.slowmodeSeconds ?? 0,
    lastMessageId: null,
    thread: {
      ownerId: thread.ownerId,
      archived: false,
      locked: false,
      invitable: thread.invitable ?? true,
      autoArchive: thread.autoArchive ?? ThreadAutoArchiveDuration.OneDay,
      archiveChangedAt: now,
      createdAt: now,
      members: new Map([[thread.ownerId, now]]),
      messages: 0,
      totalSent: 0,
      activeAt: now,
    },
  };
  world.channels.set(channel.id, channel);
  if (botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.ThreadCreate,
      d: { ...presentChannel(world, channel), newly_created: true },
      guildId: channel.guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  if (from) {
    from.threadId = channel.id;
    messageChanged(world, from);
    addStarter(world, channel, from);
  }
  world.touch();
  return channel;
}

/** The first message inside a thread made from a message: a pointer to that message. */
function addStarter(world: World, thread: ChannelRecord, from: MessageRecord): void {
  const now = world.clock.now();
  world.addMessage({
    id: world.ids.next(),
    channelId: thread.id,
    author: from.author,
    type: MessageType.ThreadStarterMessage,
    createdAt: now,
    content: '',
    editedAt: null,
    flags: 0,
    embeds: [],
    components: [],
    attachments: [],
    mentions: [],
    mentionRoles: [],
    mentionEveryone: false,
    pings: { users: [], roles: [], everyone: false },
    nonce: null,
    reference: {
      message_id: from.id,
      channel_id: from.channelId,
      ...(thread.guildId === null ? {} : { guild_id: thread.guildId }),
    },
    webhookId: from.webhookId,
    applicationId: from.applicationId,
    interaction: null,
    reactions: [],
    pinned: false,
    threadId: null,
    ephemeralFor: null,
    deletedAt: null,
    versions: [{ content: '', components: [], at: now }],
  });
}

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
