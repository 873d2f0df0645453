import {
  ChannelType,
  GatewayDispatchEvents,
  GatewayIntentBits,
  MessageFlags,
  MessageType,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';
import { messageChanged } from './message-events.js';
import { createMessage, type NewMessage } from './messages.js';
import { botSees } from './permissions.js';
import { presentChannel } from './present-channel.js';
import type { ChannelRecord, MessageRecord } from './records.js';
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

/** Opens a thread; its owner is its first member. Without a message a note in the channel tells of it. */
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
  world.addChannel(channel);
  if (botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.ThreadCreate,
      d: { ...presentChannel(world, channel), newly_created: true },
      guildId: channel.guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  if (from) {
    from.threadId = channel.id;
    from.flags |= MessageFlags.HasThread;
    messageChanged(world, from);
    createMessage(world, { ...starter(channel, from), channel, type: MessageType.ThreadStarterMessage });
  } else if (channel.type !== ChannelType.PrivateThread && parent.type !== ChannelType.GuildForum)
    createMessage(world, {
      channel: parent,
      author: { userId: thread.ownerId },
      type: MessageType.ThreadCreated,
      content: thread.name,
      allowedMentions: { parse: [] },
      reference: { channel_id: channel.id, ...(parent.guildId === null ? {} : { guild_id: parent.guildId }) },
    });
  world.touch();
  return channel;
}

/** The first message inside a thread made from a message: a pointer to that message. */
function starter(
  thread: ChannelRecord,
  from: MessageRecord,
): Pick<NewMessage, 'author' | 'webhookId' | 'applicationId' | 'reference'> {
  return {
    author: from.author,
    webhookId: from.webhookId,
    applicationId: from.applicationId,
    reference: {
      message_id: from.id,
      channel_id: from.channelId,
      ...(thread.guildId === null ? {} : { guild_id: thread.guildId }),
    },
  };
}
