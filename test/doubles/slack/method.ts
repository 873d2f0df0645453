import { ApiError } from './api-error.js';
import type { Arguments } from './arguments.js';
import type { Channel, Cloud, Json, Message, Team, Token } from './cloud.js';
import type { Events } from './events.js';

/** Calls a minute that a method's tier grants one workspace; `channel`: one a second in a channel, in short bursts more. */
export type Tier = 1 | 2 | 3 | 4 | 'channel' | 'status' | 'none';

export interface Call {
  readonly cloud: Cloud;
  readonly events: Events;
  readonly token: Token;
  /** The workspace of the token, or the one `team_id` names for an organisation-wide token. */
  readonly team: Team;
  readonly args: Arguments;
}

export interface Method {
  readonly tier: Tier | ((call: Call) => Tier);
  /** What the token must have been granted. */
  readonly scopes: readonly string[] | ((call: Call) => readonly string[]);
  readonly token?: 'bot' | 'app';
  readonly run: (call: Call) => Json;
}

/** Methods that need no token. */
export interface OpenCall {
  readonly cloud: Cloud;
  readonly args: Arguments;
  /** User and password of the Basic authorization header. */
  readonly basic: readonly [string, string] | null;
}

/** The channel an argument names. @throws ApiError `channel_not_found`. */
export function channelOf(call: Call, name = 'channel'): Channel {
  const id = call.args.need(name, 'channel_not_found');
  const found = call.team.channels.get(id);
  if (!found) throw new ApiError('channel_not_found');
  return found;
}

/** The channel, once the app may write there. @throws ApiError `is_archived`, `not_in_channel`, the channel's own refusal. */
export function writable(call: Call, name = 'channel'): Channel {
  const given = call.args.text(name);
  const user = given ? call.team.users.get(given) : undefined;
  const channel = user ? call.cloud.direct(call.team, user.id) : channelOf(call, name);
  if (channel.archived) throw new ApiError('is_archived');
  if (!channel.members.has(call.team.botUser)) {
    const open = channel.kind === 'channel' && call.token.scopes.has('chat:write.public');
    if (!open) throw new ApiError(channel.kind === 'channel' ? 'not_in_channel' : 'channel_not_found');
  }
  if (channel.refusesPosts) throw new ApiError(channel.refusesPosts);
  return channel;
}

/** The message with this timestamp. @throws ApiError `message_not_found`. */
export function messageAt(channel: Channel, ts: string): Message {
  const found = channel.messages.find((message) => message.ts === ts && !message.deleted);
  if (!found || found.ephemeralTo) throw new ApiError('message_not_found');
  return found;
}

/** The thread an argument names; null for none. @throws ApiError `thread_not_found`. */
export function threadOf(call: Call, channel: Channel, error = 'thread_not_found'): string | null {
  const ts = call.args.text('thread_ts');
  if (ts === null || ts === '0') return null;
  const root = channel.messages.find((message) => message.ts === ts);
  if (!root) throw new ApiError(error);
  return root.threadTs ?? root.ts;
}

const historyScopes = {
  channel: 'channels:history',
  private: 'groups:history',
  im: 'im:history',
  mpim: 'mpim:history',
} as const;
const readScopes = {
  channel: 'channels:read',
  private: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
} as const;

export function historyScope(channel: Channel): string {
  return historyScopes[channel.kind];
}

export function readScope(channel: Channel): string {
  return readScopes[channel.kind];
}

/** The scopes of posting: a name or face of its own needs one more. */
export function postScopes({ args }: Call): readonly string[] {
  const dressed = ['username', 'icon_url', 'icon_emoji'].some((name) => args.text(name) !== null);
  return dressed ? ['chat:write', 'chat:write.customize'] : ['chat:write'];
}
