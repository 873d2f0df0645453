import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { z } from 'zod';
import { createThread } from '../../world/open-thread.js';
import { channelPermissions } from '../../world/permissions.js';
import { presentChannel, presentThreadMember } from '../../world/present-channel.js';
import type { ChannelRecord } from '../../world/records.js';
import { compareIds } from '../../world/snowflake.js';
import {
  changeThread,
  isArchived,
  joinThread,
  leaveThread,
  type ThreadChange,
  threadOf,
} from '../../world/threads.js';
import type { World } from '../../world/world.js';
import { botGuild, botMay, existingMessage, needsInChannel, visibleChannel } from '../access.js';
import { type Answer, type Call, created, noContent, ok, param, type Route } from '../call.js';
import { DiscordError, parseForm, refusals } from '../errors.js';

export const threadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel/messages/:message/threads',
    auth: 'bot',
    limit: 'thread',
    handle: fromMessage,
  },
  {
    method: 'POST',
    path: '/channels/:channel/threads',
    auth: 'bot',
    limit: 'thread',
    handle: withoutMessage,
  },
  {
    method: 'PUT',
    path: '/channels/:channel/thread-members/@me',
    auth: 'bot',
    limit: 'channel',
    handle: joinMe,
  },
  {
    method: 'DELETE',
    path: '/channels/:channel/thread-members/@me',
    auth: 'bot',
    limit: 'channel',
    handle: (call) => {
      const channel = openThread(call);
      leaveThread(call.world, channel, call.world.bot.id);
      return noContent;
    },
  },
  {
    method: 'PUT',
    path: '/channels/:channel/thread-members/:user',
    auth: 'bot',
    limit: 'channel',
    handle: add,
  },
  {
    method: 'DELETE',
    path: '/channels/:channel/thread-members/:user',
    auth: 'bot',
    limit: 'channel',
    handle: (call) => {
      const channel = openThread(call);
      needsInChannel(call.world, channel, PermissionFlagsBits.ManageThreads);
      leaveThread(call.world, channel, param(call, 'user'));
      return noContent;
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel/thread-members',
    auth: 'bot',
    limit: 'channel',
    handle: members,
  },
  {
    method: 'GET',
    path: '/channels/:channel/thread-members/:user',
    auth: 'bot',
    limit: 'channel',
    handle: member,
  },
  {
    method: 'GET',
    path: '/channels/:channel/threads/archived/:kind',
    auth: 'bot',
    limit: 'channel',
    handle: archived,
  },
  { method: 'GET', path: '/guilds/:guild/threads/active', auth: 'bot', limit: 'guild', handle: active },
];

const archiveTimes = z.union([z.literal(60), z.literal(1_440), z.literal(4_320), z.literal(10_080)]);

const threadSchema = z.looseObject({
  name: z.string().trim().min(1).max(100),
  auto_archive_duration: archiveTimes.nullish(),
  rate_limit_per_user: z.number().int().min(0).max(21_600).nullish(),
  type: z.number().int().optional(),
  invitable: z.boolean().nullish(),
});

function fromMessage(call: Call): Answer {
  const { world } = call;
  const parent = visibleChannel(world, param(call, 'channel'));
  if (parent.type !== ChannelType.GuildText && parent.type !== ChannelType.GuildAnnouncement)
    throw new DiscordError(400, 50_024, 'Cannot execute action on this channel type');
  needsInChannel(
    world,
    parent,
    PermissionFlagsBits.CreatePublicThreads,
    PermissionFlagsBits.ReadMessageHistory,
  );
  const from = existingMessage(world, parent, param(call, 'message'));
  if (from.threadId !== null || world.channels.has(from.id)) throw refusals.threadExists();
  const body = parseForm(threadSchema, call.body);
  const thread = createThread(world, {
    parent,
    from,
    name: body.name,
    ownerId: world.bot.id,
    type:
      parent.type === ChannelType.GuildAnnouncement
        ? ChannelType.AnnouncementThread
        : ChannelType.PublicThread,
    ...(body.auto_archive_duration ? { autoArchive: body.auto_archive_duration } : {}),
    ...(body.rate_limit_per_user ? { slowmodeSeconds: body.rate_limit_per_user } : {}),
  });
  return created(presentChannel(world, thread));
}

function withoutMessage(call: Call): Answer {
  const { world } = call;
  const parent = visibleChannel(world, param(call, 'channel'));
  const body = parseForm(threadSchema, call.body);
  const type = (body.type ?? ChannelType.PrivateThread) as ChannelType;
  if (parent.type !== ChannelType.GuildText && parent.type !== ChannelType.GuildAnnouncement)
    throw new DiscordError(400, 50_024, 'Cannot execute action on this channel type');
  needsInChannel(
    world,
    parent,
    type === ChannelType.PrivateThread
      ? PermissionFlagsBits.CreatePrivateThreads
      : PermissionFlagsBits.CreatePublicThreads,
  );
  const thread = createThread(world, {
    parent,
    type,
    name: body.name,
    ownerId: world.bot.id,
    ...(body.auto_archive_duration ? { autoArchive: body.auto_archive_duration } : {}),
    ...(typeof body.invitable === 'boolean' ? { invitable: body.invitable } : {}),
  });
  return created(presentChannel(world, thread));
}

const changeSchema = z.looseObject({
  name: z.string().trim().min(1).max(100).optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: archiveTimes.optional(),
  rate_limit_per_user: z.number().int().min(0).max(21_600).nullish(),
  invitable: z.boolean().optional(),
});

/** PATCH of a thread: an archived one can only be opened, a locked one only by Manage Threads. */
export function changeThreadByBot(call: Call, channel: ChannelRecord): Answer {
  const { world } = call;
  const body = parseForm(changeSchema, call.body);
  const thread = threadOf(channel);
  const manages = botMay(world, channel, PermissionFlagsBits.ManageThreads);
  if (thread.locked && !manages) throw refusals.threadLocked();
  if (isArchived(world, channel) && body.archived !== false) throw refusals.threadArchived();
  const opensOnly = Object.keys(body).every((key) => key === 'archived') && body.archived === false;
  if (!manages && !opensOnly && thread.ownerId !== world.bot.id) throw refusals.missingPermissions();
  if (body.locked !== undefined && !manages) throw refusals.missingPermissions();
  const {
    auto_archive_duration: autoArchive,
    rate_limit_per_user: slowmodeSeconds,
    name,
    archived,
    locked,
    invitable,
  } = body;
  changeThread(world, channel, {
    ...(name === undefined ? {} : { name }),
    ...(archived === undefined ? {} : { archived }),
    ...(locked === undefined ? {} : { locked }),
    ...(invitable === undefined ? {} : { invitable }),
    ...(autoArchive === undefined ? {} : { autoArchive }),
    ...(typeof slowmodeSeconds === 'number' ? { slowmodeSeconds } : {}),
  } satisfies ThreadChange);
  return ok(presentChannel(world, channel));
}

/** A thread whose membership can change. */
function openThread(call: Call): ChannelRecord {
  const { world } = call;
  const channel = world.channels.get(param(call, 'channel'));
  if (!channel?.thread) throw refusals.unknownChannel();
  if (!channelPermissions(world, channel, world.bot.id)) throw refusals.missingAccess();
  if (isArchived(world, channel)) throw refusals.threadArchived();
  return channel;
}

function joinMe(call: Call): Answer {
  const channel = openThread(call);
  joinThread(call.world, channel, call.world.bot.id);
  return noContent;
}

function add(call: Call): Answer {
  const { world } = call;
  const channel = openThread(call);
  needsInChannel(world, channel, PermissionFlagsBits.SendMessagesInThreads);
  const userId = param(call, 'user');
  const canSee = channelPermissions(world, channel, userId) & PermissionFlagsBits.ViewChannel;
  if (!world.guilds.get(channel.guildId ?? '')?.members.has(userId)) throw refusals.unknownMember();
  if (!canSee) throw refusals.missingAccess();
  joinThread(world, channel, userId);
  return noContent;
}

function members(call: Call): Answer {
  const channel = visibleChannel(call.world, param(call, 'channel'));
  return ok([...threadOf(channel).members].map(([userId, at]) => presentThreadMember(channel, userId, at)));
}

function member(call: Call): Answer {
  const channel = visibleChannel(call.world, param(call, 'channel'));
  const userId = param(call, 'user') === '@me' ? call.world.bot.id : param(call, 'user');
  const at = threadOf(channel).members.get(userId);
  if (at === undefined) throw refusals.unknownMember();
  return ok(presentThreadMember(channel, userId, at));
}

function archived(call: Call): Answer {
  const { world } = call;
  const parent = visibleChannel(world, param(call, 'channel'));
  const kind = param(call, 'kind') === 'private' ? ChannelType.PrivateThread : ChannelType.PublicThread;
  const threads = [...world.channels.values()].filter(
    (one) => one.parentId === parent.id && one.thread && one.type === kind && isArchived(world, one),
  );
  return ok({ ...threadList(world, threads), has_more: false });
}

function active(call: Call): Answer {
  const { world } = call;
  const guild = botGuild(world, param(call, 'guild'));
  return ok(
    threadList(
      world,
      world.threadsOf(guild.id).filter((one) => !isArchived(world, one)),
    ),
  );
}

function threadList(world: World, threads: readonly ChannelRecord[]): object {
  const sorted = [...threads].sort((a, b) => compareIds(b.id, a.id));
  return {
    threads: sorted.map((one) => presentChannel(world, one)),
    members: sorted.flatMap((one) => {
      const at = one.thread?.members.get(world.bot.id);
      return at === undefined ? [] : [presentThreadMember(one, world.bot.id, at)];
    }),
  };
}
