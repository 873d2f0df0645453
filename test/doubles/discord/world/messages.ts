import {
  type APIAllowedMentions,
  type APIAttachment,
  type APIEmbed,
  type APIMessageInteractionMetadata,
  type APIMessageReference,
  type APIMessageTopLevelComponent,
  GatewayDispatchEvents,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  MessageFlags,
  MessageType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { mentionsOf } from './mentions.js';
import { messageChanged, messageCreated, messageIntent } from './message-events.js';
import { botSees, channelPermissions } from './permissions.js';
import { channelOf } from './present-channel.js';
import type { Author, ChannelRecord, MessageRecord } from './records.js';
import { joinThread, wakeThread } from './threads.js';
import type { World } from './world.js';

export interface NewMessage {
  readonly channel: ChannelRecord;
  readonly author: Author;
  readonly content?: string;
  readonly type?: MessageType;
  readonly flags?: number;
  readonly embeds?: APIEmbed[];
  readonly components?: APIMessageTopLevelComponent[];
  readonly attachments?: APIAttachment[];
  readonly allowedMentions?: APIAllowedMentions | undefined;
  readonly nonce?: string | number | null;
  readonly reference?: APIMessageReference | null;
  readonly webhookId?: string | null;
  readonly applicationId?: string | null;
  readonly interaction?: APIMessageInteractionMetadata | null;
  readonly ephemeralFor?: string | null;
  readonly maySayEveryone?: boolean;
  readonly id?: string;
}

/** Writes a message and tells the gateway, unless it is ephemeral: those reach nobody but one person's screen. */
export function createMessage(world: World, message: NewMessage): MessageRecord {
  const { channel, author } = message;
  const content = (message.content ?? '').trim();
  const reference = message.reference ?? null;
  const replied =
    reference?.message_id === undefined
      ? undefined
      : world.message(reference.channel_id, reference.message_id);
  const mentions = mentionsOf(world, channel, {
    content: mentionText(content, message.components ?? []),
    authorId: author.userId,
    allowed: message.allowedMentions,
    repliedTo: isSystem(message.type ?? MessageType.Default) ? null : (replied?.author.userId ?? null),
    ...(message.maySayEveryone === undefined ? {} : { maySayEveryone: message.maySayEveryone }),
  });
  const now = world.clock.now();
  const record: MessageRecord = {
    id: message.id ?? world.ids.next(),
    channelId: channel.id,
    author,
    type: message.type ?? (reference?.message_id === undefined ? MessageType.Default : MessageType.Reply),
    createdAt: now,
    content,
    editedAt: null,
    flags: message.flags ?? 0,
    embeds: message.embeds ?? [],
    components: message.components ?? [],
    attachments: message.attachments ?? [],
    mentions: mentions.mentioned,
    mentionRoles: mentions.mentionedRoles,
    mentionEveryone: mentions.everyone,
    pings: { users: mentions.users, roles: mentions.roles, everyone: mentions.everyone },
    nonce: message.nonce ?? null,
    reference,
    webhookId: message.webhookId ?? null,
    applicationId: message.applicationId ?? null,
    interaction: message.interaction ?? null,
    reactions: [],
    pinned: false,
    threadId: null,
    ephemeralFor: message.ephemeralFor ?? null,
    deletedAt: null,
    versions: [{ content, components: message.components ?? [], at: now }],
  };
  world.addMessage(record);
  if (record.ephemeralFor === null) {
    if (!isSystem(record.type)) {
      wakeThread(world, channel, author.userId);
      if (channel.thread) for (const id of record.pings.users) addMentioned(world, channel, id);
    }
    channel.lastMessageId = record.id;
    messageCreated(world, record);
  }
  world.touch();
  return record;
}

/** What Discord writes by itself about a thread. */
export function isSystem(type: MessageType): boolean {
  return type === MessageType.ThreadCreated || type === MessageType.ThreadStarterMessage;
}

/** Whoever is mentioned in a thread becomes a member of it. */
function addMentioned(world: World, thread: ChannelRecord, userId: string): void {
  if (channelPermissions(world, thread, userId) & PermissionFlagsBits.ViewChannel)
    joinThread(world, thread, userId);
}

export interface MessageEdit {
  readonly content?: string | null | undefined;
  readonly embeds?: APIEmbed[] | null | undefined;
  readonly components?: APIMessageTopLevelComponent[] | null | undefined;
  readonly attachments?: APIAttachment[] | undefined;
  readonly flags?: number | null | undefined;
  readonly allowedMentions?: APIAllowedMentions | undefined;
}

/** Changes what is given and leaves the rest; flags keep what may not be taken back. */
export function editMessage(world: World, message: MessageRecord, edit: MessageEdit): MessageRecord {
  const kept = message.flags & ~(MessageFlags.SuppressEmbeds | MessageFlags.Loading);
  const asked = (edit.flags ?? 0) & (MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2);
  const wasLoading = (message.flags & MessageFlags.Loading) !== 0;
  message.flags =
    edit.flags === undefined || edit.flags === null ? message.flags & ~MessageFlags.Loading : kept | asked;
  if (edit.content !== undefined) message.content = (edit.content ?? '').trim();
  if (edit.embeds !== undefined) message.embeds = edit.embeds ?? [];
  if (edit.components !== undefined) message.components = edit.components ?? [];
  if (edit.attachments !== undefined) message.attachments = edit.attachments;
  if (edit.content !== undefined) {
    const mentions = mentionsOf(world, channelOf(world, message.channelId), {
      content: message.content,
      authorId: message.author.userId,
      allowed: edit.allowedMentions,
      repliedTo: null,
    });
    message.mentions = mentions.mentioned;
    message.mentionRoles = mentions.mentionedRoles;
  }
  const now = world.clock.now();
  if (!wasLoading) message.editedAt = now;
  message.versions.push({ content: message.content, components: message.components, at: now });
  messageChanged(world, message);
  world.touch();
  return message;
}

export function deleteMessage(world: World, message: MessageRecord): void {
  remove(world, message);
  const channel = channelOf(world, message.channelId);
  if (message.ephemeralFor === null && botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.MessageDelete,
      d: {
        id: message.id,
        channel_id: channel.id,
        ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
      } satisfies GatewayMessageDeleteDispatchData,
      guildId: channel.guildId,
      intents: [messageIntent(channel)],
    });
  world.touch();
}

/** Deletes several messages of one channel at once, as moderators do; one event tells of all. */
export function deleteMessages(
  world: World,
  channel: ChannelRecord,
  messages: readonly MessageRecord[],
): void {
  for (const message of messages) remove(world, message);
  if (botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.MessageDeleteBulk,
      d: {
        ids: messages.map((message) => message.id),
        channel_id: channel.id,
        ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
      } satisfies GatewayMessageDeleteBulkDispatchData,
      guildId: channel.guildId,
      intents: [messageIntent(channel)],
    });
  world.touch();
}

function remove(world: World, message: MessageRecord): void {
  message.deletedAt = world.clock.now();
  const thread = channelOf(world, message.channelId).thread;
  if (thread && !isSystem(message.type)) thread.messages -= 1;
}

/** Text Display components mention people as content does. */
function mentionText(content: string, components: readonly APIMessageTopLevelComponent[]): string {
  const texts: string[] = [content];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      const { content: text, components: inner } = node as { content?: unknown; components?: unknown };
      if (typeof text === 'string') texts.push(text);
      walk(inner);
    }
  };
  walk(components);
  return texts.join('\n');
}
