import {
  type APIPartialEmoji,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayMessageReactionAddDispatchData,
  type GatewayMessageReactionRemoveDispatchData,
  ReactionType,
} from 'discord-api-types/v10';
import { isPrivate } from './message-events.js';
import { botSees } from './permissions.js';
import { channelOf, memberOf, presentMember } from './present-channel.js';
import type { MessageRecord } from './records.js';
import type { World } from './world.js';

export function addReaction(
  world: World,
  message: MessageRecord,
  userId: string,
  emoji: APIPartialEmoji,
): void {
  const known = message.reactions.find((one) => one.emoji.name === emoji.name);
  if (known?.users.has(userId)) return;
  if (known) known.users.add(userId);
  else message.reactions.push({ emoji, users: new Set([userId]) });
  const channel = channelOf(world, message.channelId);
  const member = memberOf(world, channel.guildId, userId);
  tell(world, message, GatewayDispatchEvents.MessageReactionAdd, {
    user_id: userId,
    channel_id: channel.id,
    message_id: message.id,
    message_author_id: message.author.userId,
    emoji,
    burst: false,
    type: ReactionType.Normal,
    ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
    ...(member ? { member: presentMember(world, member) } : {}),
  } satisfies GatewayMessageReactionAddDispatchData);
}

export function removeReaction(world: World, message: MessageRecord, userId: string, emoji: string): void {
  const known = message.reactions.find((one) => one.emoji.name === emoji);
  if (!known?.users.delete(userId)) return;
  if (known.users.size === 0) message.reactions.splice(message.reactions.indexOf(known), 1);
  const channel = channelOf(world, message.channelId);
  tell(world, message, GatewayDispatchEvents.MessageReactionRemove, {
    user_id: userId,
    channel_id: channel.id,
    message_id: message.id,
    emoji: known.emoji,
    burst: false,
    type: ReactionType.Normal,
    ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
  } satisfies GatewayMessageReactionRemoveDispatchData);
}

function tell(
  world: World,
  message: MessageRecord,
  t: GatewayDispatchEvents.MessageReactionAdd | GatewayDispatchEvents.MessageReactionRemove,
  d: object,
): void {
  const channel = channelOf(world, message.channelId);
  if (botSees(world, channel))
    world.emit({
      t,
      d,
      guildId: channel.guildId,
      intents: [
        isPrivate(channel)
          ? GatewayIntentBits.DirectMessageReactions
          : GatewayIntentBits.GuildMessageReactions,
      ],
    });
  world.touch();
}
