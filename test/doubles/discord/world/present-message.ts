import { createHash } from 'node:crypto';
import {
  type APIMessage,
  type APIUser,
  type ChannelType,
  type GatewayMessageCreateDispatchData,
  type MessageFlags,
  MessageType,
  type UserFlags,
} from 'discord-api-types/v10';
import { channelOf, memberOf, memberWithoutUser, presentChannel, presentUser } from './present-channel.js';
import type { MessageRecord } from './records.js';
import type { World } from './world.js';

/** A message's author as it is shown: a user, or the name and face that a webhook gave it. */
export function presentAuthor(world: World, message: MessageRecord): APIUser {
  const { persona, userId } = message.author;
  if (!persona) return presentUser(world, userId);
  return {
    id: userId,
    username: persona.name,
    discriminator: '0000',
    global_name: null,
    avatar: persona.avatar === null ? null : pictureHash(persona.avatar),
    bot: true,
    public_flags: 0 as UserFlags,
  };
}

/** Discord fetches a picture and shows it by its hash. */
function pictureHash(picture: string): string {
  return /^[\da-f]{32}$/.test(picture) ? picture : createHash('md5').update(picture).digest('hex');
}

/** Whether the bot gets to see what a message says without the MessageContent privilege. */
export function contentIsPublic(world: World, message: MessageRecord): boolean {
  return (
    channelOf(world, message.channelId).guildId === null ||
    message.author.userId === world.bot.id ||
    message.mentions.includes(world.bot.id)
  );
}

/** A message as REST and dispatches show it. @param content false leaves out what only MessageContent shows. */
export function presentMessage(world: World, message: MessageRecord, content: boolean): APIMessage {
  const shown = content || contentIsPublic(world, message);
  const thread = message.threadId === null ? undefined : world.channels.get(message.threadId);
  const replied = repliedMessage(world, message);
  return {
    id: message.id,
    channel_id: message.channelId,
    author: presentAuthor(world, message),
    type: message.type,
    content: shown ? message.content : '',
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    tts: false,
    mention_everyone: message.mentionEveryone,
    mentions: message.mentions.map((id) => presentUser(world, id)),
    mention_roles: [...message.mentionRoles],
    attachments: shown ? message.attachments : [],
    embeds: shown ? message.embeds : [],
    components: shown ? message.components : [],
    pinned: message.pinned,
    flags: message.flags as MessageFlags,
    ...(message.webhookId === null ? {} : { webhook_id: message.webhookId }),
    ...(message.applicationId === null ? {} : { application_id: message.applicationId }),
    ...(message.interaction === null ? {} : { interaction_metadata: message.interaction }),
    ...(message.reference === null ? {} : { message_reference: message.reference }),
    ...(message.type === MessageType.Reply || message.type === MessageType.ThreadStarterMessage
      ? { referenced_message: replied ? presentReplied(world, replied, content) : null }
      : {}),
    ...(thread ? { thread: presentChannel(world, thread) } : {}),
    ...(message.reactions.length === 0 ? {} : { reactions: presentReactions(world, message) }),
  };
}

/** The message a reply answers, without what that one answers in its turn. */
function presentReplied(world: World, message: MessageRecord, content: boolean): APIMessage {
  const { referenced_message: _, ...rest } = presentMessage(world, message, content);
  return rest;
}

function repliedMessage(world: World, message: MessageRecord): MessageRecord | undefined {
  const reference = message.reference;
  return reference?.message_id === undefined
    ? undefined
    : world.message(reference.channel_id, reference.message_id);
}

function presentReactions(world: World, message: MessageRecord): NonNullable<APIMessage['reactions']> {
  return message.reactions.map((reaction) => ({
    emoji: reaction.emoji,
    count: reaction.users.size,
    count_details: { burst: 0, normal: reaction.users.size },
    me: reaction.users.has(world.bot.id),
    me_burst: false,
    burst_colors: [],
  }));
}

/** The payload of MESSAGE_CREATE and MESSAGE_UPDATE: the message with where it is and who wrote it. */
export function presentDispatchedMessage(
  world: World,
  message: MessageRecord,
  content: boolean,
): GatewayMessageCreateDispatchData {
  const channel = channelOf(world, message.channelId);
  const author =
    message.webhookId === null ? memberOf(world, channel.guildId, message.author.userId) : undefined;
  return {
    ...presentMessage(world, message, content),
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    channel_type: channel.type as Exclude<
      ChannelType,
      ChannelType.GuildCategory | ChannelType.GuildDirectory | ChannelType.GuildForum | ChannelType.GuildMedia
    >,
    ...(channel.guildId === null ? world.nullGuilds : { guild_id: channel.guildId }),
    ...(author ? { member: memberWithoutUser(author) } : {}),
    mentions: message.mentions.map((id) => {
      const member = memberOf(world, channel.guildId, id);
      const user = presentUser(world, id);
      return member ? { ...user, member: memberWithoutUser(member) } : user;
    }),
  };
}
