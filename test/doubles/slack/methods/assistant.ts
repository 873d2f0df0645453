import { ApiError } from '../api-error.js';
import type { Channel, Json } from '../cloud.js';
import { type Call, channelOf, type Method } from '../method.js';

const maxPrompts = 4;
const maxLoadingMessages = 10;

function threadOfAssistant(call: Call, channel: Channel): string {
  const ts = call.args.need('thread_ts', 'invalid_thread_ts');
  if (!channel.messages.some((message) => message.ts === ts)) throw new ApiError('invalid_thread_ts');
  return ts;
}

/** Status has its own scopes: either will do. */
function statusScopes(call: Call): readonly string[] {
  const either = call.token.scopes.has('assistant:write') ? 'assistant:write' : 'chat:write';
  const dressed = ['username', 'icon_url', 'icon_emoji'].some((name) => call.args.text(name) !== null);
  return dressed ? [either, 'chat:write.customize'] : [either];
}

export const assistantMethods: Record<string, Method> = {
  'assistant.threads.setStatus': {
    tier: 'status',
    scopes: statusScopes,
    run: (call): Json => {
      const channel = channelOf(call, 'channel_id');
      if (!channel.members.has(call.team.botUser)) throw new ApiError('not_in_channel');
      const thread = threadOfAssistant(call, channel);
      const status = String(call.args.raw.status ?? '');
      const loadingMessages = call.args.strings('loading_messages');
      if (loadingMessages.length > maxLoadingMessages) throw new ApiError('invalid_arguments');
      const key = `${channel.id}/${thread}`;
      if (status === '') call.team.statuses.delete(key);
      else
        call.team.statuses.set(key, {
          status,
          loadingMessages,
          username: call.args.text('username'),
          iconUrl: call.args.text('icon_url'),
          at: call.cloud.clock.now(),
        });
      return {};
    },
  },
  'assistant.threads.setSuggestedPrompts': {
    tier: 4,
    scopes: ['assistant:write'],
    run: (call): Json => {
      const channel = channelOf(call, 'channel_id');
      const prompts = call.args.objects('prompts', 'invalid_arguments') ?? [];
      if (prompts.length === 0 || prompts.length > maxPrompts) throw new ApiError('too_many_prompts');
      if (prompts.some(({ title, message }) => typeof title !== 'string' || typeof message !== 'string'))
        throw new ApiError('invalid_arguments');
      // An app with the agent view that names a thread gets an `ok` and nothing is shown.
      if (call.args.text('thread_ts') === null)
        call.team.prompts.set(channel.id, { title: call.args.text('title'), prompts });
      return {};
    },
  },
  'assistant.threads.setTitle': {
    tier: 2,
    scopes: ['assistant:write'],
    run: (call): Json => {
      const channel = channelOf(call, 'channel_id');
      const thread = threadOfAssistant(call, channel);
      call.team.titles.set(`${channel.id}/${thread}`, call.args.need('title'));
      return {};
    },
  },
};
