import { PermissionFlagsBits } from 'discord-api-types/v10';
import { presentUser } from '../../world/present-channel.js';
import { addReaction, removeReaction } from '../../world/reactions.js';
import type { ChannelRecord, MessageRecord } from '../../world/records.js';
import { needsInChannel, readableMessage, threadTakesChanges, visibleChannel } from '../access.js';
import { type Call, noContent, ok, param, type Route } from '../call.js';
import { DiscordError } from '../errors.js';

const base = '/channels/:channel/messages/:message/reactions';

export const reactionRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: `${base}/:emoji/@me`,
    auth: 'bot',
    limit: 'reaction',
    handle: (call) => {
      const { channel, message } = target(call);
      const emoji = emojiOf(call);
      const known = message.reactions.some((one) => one.emoji.name === emoji);
      if (!known) needsInChannel(call.world, channel, PermissionFlagsBits.AddReactions);
      addReaction(call.world, message, call.world.bot.id, { id: null, name: emoji });
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:emoji/:user`,
    auth: 'bot',
    limit: 'reaction',
    handle: (call) => {
      const { channel, message } = target(call);
      const mine = param(call, 'user') === '@me';
      if (!mine) needsInChannel(call.world, channel, PermissionFlagsBits.ManageMessages);
      removeReaction(call.world, message, mine ? call.world.bot.id : param(call, 'user'), emojiOf(call));
      return noContent;
    },
  },
  {
    method: 'GET',
    path: `${base}/:emoji`,
    auth: 'bot',
    limit: 'reaction',
    handle: (call) => {
      const { message } = target(call);
      const found = message.reactions.find((one) => one.emoji.name === emojiOf(call));
      return ok([...(found?.users ?? [])].map((id) => presentUser(call.world, id)));
    },
  },
  {
    method: 'DELETE',
    path: base,
    auth: 'bot',
    limit: 'reaction',
    handle: (call) => {
      const { channel, message } = target(call);
      needsInChannel(call.world, channel, PermissionFlagsBits.ManageMessages);
      for (const reaction of [...message.reactions])
        for (const user of [...reaction.users])
          removeReaction(call.world, message, user, reaction.emoji.name ?? '');
      return noContent;
    },
  },
];

function target(call: Call): { channel: ChannelRecord; message: MessageRecord } {
  const channel = visibleChannel(call.world, param(call, 'channel'));
  const message = readableMessage(call.world, channel, param(call, 'message'));
  threadTakesChanges(call.world, channel);
  return { channel, message };
}

/** @throws DiscordError 10014 for what is no emoji. */
function emojiOf(call: Call): string {
  const emoji = param(call, 'emoji');
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}|[\d#*]\uFE0F?\u20E3/u.test(emoji))
    throw new DiscordError(400, 10_014, 'Unknown Emoji');
  return emoji;
}
