import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { z } from 'zod';
import { channelChanged, deleteChannel } from '../../world/channels.js';
import { presentChannel } from '../../world/present-channel.js';
import { typingStarted } from '../../world/typing.js';
import { mayPost, needsInChannel, visibleChannel } from '../access.js';
import { type Answer, type Call, noContent, ok, param, type Route } from '../call.js';
import { parseForm } from '../errors.js';
import { changeThreadByBot } from './threads.js';

export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/channels/:channel',
    auth: 'bot',
    limit: 'channel',
    handle: (call) => ok(presentChannel(call.world, visibleChannel(call.world, param(call, 'channel')))),
  },
  { method: 'PATCH', path: '/channels/:channel', auth: 'bot', limit: 'channel', handle: change },
  { method: 'DELETE', path: '/channels/:channel', auth: 'bot', limit: 'channel', handle: remove },
  { method: 'POST', path: '/channels/:channel/typing', auth: 'bot', limit: 'typing', handle: typing },
];

const channelSchema = z.looseObject({
  name: z.string().min(1).max(100).optional(),
  topic: z.string().max(1_024).nullish(),
  nsfw: z.boolean().nullish(),
  rate_limit_per_user: z.number().int().min(0).max(21_600).nullish(),
});

function change(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  if (channel.thread) return changeThreadByBot(call, channel);
  needsInChannel(world, channel, PermissionFlagsBits.ManageChannels);
  const body = parseForm(channelSchema, call.body);
  if (body.name !== undefined) channel.name = body.name;
  if (body.topic !== undefined) channel.topic = body.topic;
  if (typeof body.nsfw === 'boolean') channel.nsfw = body.nsfw;
  if (typeof body.rate_limit_per_user === 'number') channel.slowmodeSeconds = body.rate_limit_per_user;
  channelChanged(world, channel);
  return ok(presentChannel(world, channel));
}

function remove(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  const shown = presentChannel(world, channel);
  if (channel.type === ChannelType.DM) return ok(shown);
  needsInChannel(
    world,
    channel,
    channel.thread ? PermissionFlagsBits.ManageThreads : PermissionFlagsBits.ManageChannels,
  );
  deleteChannel(world, channel);
  return ok(shown);
}

function typing(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  mayPost(world, channel);
  typingStarted(world, channel, world.bot.id);
  return noContent;
}
