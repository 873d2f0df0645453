import { ApiError } from '../api-error.js';
import type { AgentSession, Channel, Json } from '../cloud.js';
import { type Call, channelOf, type Method } from '../method.js';

const states = new Set(['active', 'processing', 'suspended', 'closed']);
const maxTitle = 200;

function threadKey(call: Call, channel: Channel): string {
  const ts = call.args.need('thread_ts', 'invalid_thread_ts');
  const root = channel.messages.find((message) => message.ts === ts);
  if (!root || root.threadTs) throw new ApiError('invalid_thread_ts');
  return `${channel.id}/${ts}`;
}

function titleOf(call: Call): string | null {
  const title = call.args.text('title');
  if ((title?.length ?? 0) > maxTitle) throw new ApiError('invalid_arguments');
  return title;
}

/** https://docs.slack.dev/reference/methods/agents.sessions.setStatus; an app that is no agent is `not_authorized`. */
export const agentMethods: Record<string, Method> = {
  'agents.sessions.setStatus': {
    tier: 3,
    scopes: ['chat:write'],
    run: (call): Json => {
      if (!call.cloud.app.isAgent) throw new ApiError('not_authorized');
      const channel = channelOf(call, 'channel_id');
      if (!channel.members.has(call.team.botUser)) throw new ApiError('not_in_channel');
      const key = threadKey(call, channel);
      const status = call.args.need('status');
      if (!states.has(status)) throw new ApiError('invalid_arguments');
      const initiator = call.args.text('initiator_user_id');
      if (initiator !== null && !channel.members.has(initiator)) throw new ApiError('user_not_found');
      const known = call.team.sessions.get(key);
      const title = known ? known.title : titleOf(call);
      call.team.sessions.set(key, { status: status as AgentSession['status'], title });
      const isHeard = call.cloud.app.subscriptions?.includes('agent_session_stopped') ?? true;
      return {
        status,
        title: title ?? '',
        ...(isHeard ? {} : { warning: 'missing_agent_session_stopped_event_subscription' }),
      };
    },
  },
  'agents.sessions.rename': {
    tier: 3,
    scopes: ['chat:write'],
    run: (call): Json => {
      if (!call.cloud.app.isAgent) throw new ApiError('not_authorized');
      const channel = channelOf(call, 'channel_id');
      const key = threadKey(call, channel);
      const known = call.team.sessions.get(key);
      if (!known) throw new ApiError('session_not_found');
      call.team.sessions.set(key, { ...known, title: titleOf(call) });
      return {};
    },
  },
};
