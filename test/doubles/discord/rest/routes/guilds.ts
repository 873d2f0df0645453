import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { z } from 'zod';
import { createChannel } from '../../world/channels.js';
import { memberChanged } from '../../world/guilds.js';
import { botSees } from '../../world/permissions.js';
import { presentChannel, presentMember } from '../../world/present-channel.js';
import { presentGuild } from '../../world/present-guild.js';
import { compareIds } from '../../world/snowflake.js';
import { botGuild, needsInGuild } from '../access.js';
import { type Answer, type Call, created, ok, param, type Route } from '../call.js';
import { parseForm, refusals } from '../errors.js';

export const guildRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/:guild', auth: 'bot', limit: 'guild', handle: guild },
  {
    method: 'GET',
    path: '/guilds/:guild/channels',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => {
      const { id } = botGuild(call.world, param(call, 'guild'));
      const channels = call.world.channelsOf(id).filter((one) => !one.thread && botSees(call.world, one));
      return ok(channels.map((one) => presentChannel(call.world, one)));
    },
  },
  { method: 'POST', path: '/guilds/:guild/channels', auth: 'bot', limit: 'guild', handle: addChannel },
  {
    method: 'GET',
    path: '/guilds/:guild/roles',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => ok([...botGuild(call.world, param(call, 'guild')).roles.values()]),
  },
  { method: 'GET', path: '/guilds/:guild/members', auth: 'bot', limit: 'guild', handle: members },
  { method: 'PATCH', path: '/guilds/:guild/members/@me', auth: 'bot', limit: 'guild', handle: changeMe },
  { method: 'GET', path: '/guilds/:guild/members/:user', auth: 'bot', limit: 'guild', handle: member },
];

function guild(call: Call): Answer {
  const record = botGuild(call.world, param(call, 'guild'));
  const counts = call.query.get('with_counts') === 'true';
  return ok({
    ...presentGuild(record),
    ...(counts
      ? { approximate_member_count: record.members.size, approximate_presence_count: record.members.size }
      : {}),
  });
}

const channelSchema = z.looseObject({
  name: z.string().min(1).max(100),
  type: z.number().int().optional(),
  topic: z.string().max(1_024).nullish(),
  parent_id: z.string().nullish(),
});

function addChannel(call: Call): Answer {
  const { world } = call;
  const record = botGuild(world, param(call, 'guild'));
  needsInGuild(world, record, PermissionFlagsBits.ManageChannels);
  const body = parseForm(channelSchema, call.body);
  const channel = createChannel(world, record.id, {
    name: body.name,
    type: (body.type ?? ChannelType.GuildText) as ChannelType,
    ...(body.topic ? { topic: body.topic } : {}),
    ...(body.parent_id ? { parentId: body.parent_id } : {}),
  });
  return created(presentChannel(world, channel));
}

function members(call: Call): Answer {
  const record = botGuild(call.world, param(call, 'guild'));
  const after = call.query.get('after') ?? '0';
  const limit = Number(call.query.get('limit') ?? 1);
  const page = [...record.members.values()]
    .filter((one) => compareIds(one.userId, after) > 0)
    .sort((a, b) => compareIds(a.userId, b.userId))
    .slice(0, limit);
  return ok(page.map((one) => presentMember(call.world, one)));
}

function member(call: Call): Answer {
  const record = botGuild(call.world, param(call, 'guild'));
  const found = record.members.get(param(call, 'user'));
  if (!found)
    throw call.world.users.has(param(call, 'user')) ? refusals.unknownMember() : refusals.unknownUser();
  return ok(presentMember(call.world, found));
}

function changeMe(call: Call): Answer {
  const record = botGuild(call.world, param(call, 'guild'));
  const me = record.members.get(call.world.bot.id);
  if (!me) throw refusals.unknownMember();
  const body = parseForm(z.looseObject({ nick: z.string().max(32).nullish() }), call.body);
  if (body.nick !== undefined) {
    needsInGuild(call.world, record, PermissionFlagsBits.ChangeNickname);
    me.nick = body.nick || null;
  }
  memberChanged(call.world, record, me);
  return ok(presentMember(call.world, me));
}
