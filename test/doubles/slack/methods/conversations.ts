import { ApiError } from '../api-error.js';
import type { Channel, Json, Message } from '../cloud.js';
import { messageView } from '../message-view.js';
import { type Call, channelOf, historyScope, type Method, readScope, type Tier } from '../method.js';

function channelView(channel: Channel, botUser: string): Json {
  const direct = channel.kind === 'im' ? { user: [...channel.members].find((id) => id !== botUser) } : {};
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'im',
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'channel',
    is_archived: channel.archived,
    is_member: channel.members.has(botUser),
    context_team_id: channel.team.id,
    ...direct,
  };
}

/** Objects that Slack hands out at once to an app that is distributed outside the Marketplace. */
const restrictedLimit = 15;

/** One page, by a cursor that is an offset. */
function page<T>(
  call: Call,
  all: readonly T[],
  most = 1_000,
): { readonly items: readonly T[]; readonly more: Json } {
  const limit = Math.max(1, Math.min(most, call.args.number('limit', 100)));
  const offset = Number(call.args.text('cursor') ?? 0);
  if (!Number.isInteger(offset)) throw new ApiError('invalid_cursor');
  const next = offset + limit < all.length ? String(offset + limit) : '';
  const more = { has_more: next !== '', response_metadata: { next_cursor: next } };
  return { items: all.slice(offset, offset + limit), more };
}

function readable(call: Call): Channel {
  const channel = channelOf(call);
  if (!channel.members.has(call.team.botUser)) throw new ApiError('not_in_channel');
  return channel;
}

function within(call: Call, message: Message): boolean {
  const { args } = call;
  const oldest = args.text('oldest');
  const latest = args.text('latest');
  const inclusive = args.flag('inclusive');
  const after = oldest === null || message.ts > oldest || (inclusive && message.ts === oldest);
  const before = latest === null || message.ts < latest || (inclusive && message.ts === latest);
  return after && before;
}

function views(call: Call, messages: readonly Message[]): Json[] {
  const metadata = call.args.flag('include_all_metadata');
  return messages.map((message) => messageView(message, call.cloud.app.id, metadata));
}

/** One call a minute where Slack restricts the app. */
const tierOfReading = ({ cloud }: Call): Tier => (cloud.app.isRestricted ? 1 : 3);

const mostRead = ({ cloud }: Call): number => (cloud.app.isRestricted ? restrictedLimit : 1_000);

const scopeOfChannel = (call: Call): readonly string[] => [historyScope(channelOf(call))];

export const conversationMethods: Record<string, Method> = {
  'conversations.open': {
    tier: 3,
    scopes: ['im:write'],
    run: (call) => {
      const [user, ...more] = call.args.strings('users');
      if (!user) throw new ApiError('users_list_not_supplied');
      if (more.length > 0) throw new ApiError('not_enough_users');
      if (!call.team.users.has(user)) throw new ApiError('user_not_found');
      const channel = call.cloud.direct(call.team, user);
      return {
        channel: call.args.flag('return_im') ? channelView(channel, call.team.botUser) : { id: channel.id },
      };
    },
  },
  'conversations.history': {
    tier: tierOfReading,
    scopes: scopeOfChannel,
    run: (call) => {
      const channel = readable(call);
      const shown = channel.messages.filter(
        (message) => !message.deleted && !message.ephemeralTo && !message.threadTs && within(call, message),
      );
      const { items, more } = page(call, shown.reverse(), mostRead(call));
      return { messages: views(call, items), ...more };
    },
  },
  'conversations.replies': {
    tier: tierOfReading,
    scopes: scopeOfChannel,
    run: (call) => {
      const channel = readable(call);
      call.cloud.expireStreams();
      const ts = call.args.need('ts', 'thread_not_found');
      const root = channel.messages.find((message) => message.ts === ts);
      if (!root) throw new ApiError('thread_not_found');
      const top = root.threadTs ?? root.ts;
      const shown = channel.messages.filter(
        (message) =>
          !message.deleted &&
          !message.ephemeralTo &&
          (message.ts === top || (message.threadTs === top && within(call, message))),
      );
      const { items, more } = page(call, shown, mostRead(call));
      return { messages: views(call, items), ...more };
    },
  },
  'conversations.info': {
    tier: 3,
    scopes: (call) => [readScope(channelOf(call))],
    run: (call) => ({ channel: channelView(channelOf(call), call.team.botUser) }),
  },
  'conversations.members': {
    tier: 4,
    scopes: (call) => [readScope(channelOf(call))],
    run: (call) => {
      const { items, more } = page(call, [...channelOf(call).members]);
      return { members: items, ...more };
    },
  },
  'conversations.list': {
    tier: 2,
    scopes: ['channels:read'],
    run: (call) => {
      const types = call.args.strings('types');
      const wanted = types.length > 0 ? types : ['public_channel'];
      const names = { channel: 'public_channel', private: 'private_channel', im: 'im', mpim: 'mpim' };
      const all = [...call.team.channels.values()].filter(
        (channel) =>
          wanted.includes(names[channel.kind]) &&
          !(channel.archived && call.args.flag('exclude_archived')) &&
          (channel.kind === 'channel' || channel.members.has(call.team.botUser)),
      );
      const { items, more } = page(call, all);
      return { channels: items.map((channel) => channelView(channel, call.team.botUser)), ...more };
    },
  },
  'conversations.join': {
    tier: 3,
    scopes: ['channels:join'],
    run: (call) => {
      const channel = channelOf(call);
      if (channel.kind !== 'channel') throw new ApiError('method_not_supported_for_channel_type');
      if (channel.archived) throw new ApiError('is_archived');
      channel.members.add(call.team.botUser);
      return { channel: channelView(channel, call.team.botUser) };
    },
  },
  'conversations.leave': {
    tier: 3,
    scopes: ['channels:join'],
    run: (call) => {
      const channel = channelOf(call);
      return channel.members.delete(call.team.botUser) ? {} : { not_in_channel: true };
    },
  },
};
