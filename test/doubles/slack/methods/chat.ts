import { ApiError } from '../api-error.js';
import { checkBlocks, keptBlocks } from '../blocks.js';
import type { Block, Channel, Json, Message } from '../cloud.js';
import { messageView } from '../message-view.js';
import { type Call, channelOf, type Method, messageAt, postScopes, threadOf, writable } from '../method.js';

const maxText = 40_000;
const maxUpdatedText = 4_000;
const maxMarkdown = 12_000;

interface Content {
  readonly text: string;
  readonly markdown: string | null;
  readonly blocks: Block[];
}

function contentOf(call: Call, longest: number): Content {
  const { args, cloud } = call;
  const text = args.text('text');
  const markdown = args.text('markdown_text');
  const blocks = args.blocks();
  if (markdown !== null && (text !== null || blocks !== null)) throw new ApiError('markdown_text_conflict');
  if (text === null && markdown === null && (blocks === null || blocks.length === 0))
    throw new ApiError('no_text');
  if ((text?.length ?? 0) > longest || (markdown?.length ?? 0) > maxMarkdown)
    throw new ApiError('msg_too_long');
  checkBlocks(blocks ?? []);
  return { text: text ?? '', markdown, blocks: keptBlocks(cloud, blocks ?? []) };
}

function metadataOf(call: Call): Json | null {
  const metadata = call.args.object('metadata', 'invalid_metadata_format');
  if (!metadata || Object.keys(metadata).length === 0) return null;
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || typeof payload !== 'object' || payload === null)
    throw new ApiError('invalid_metadata_format');
  if (JSON.stringify(metadata).length > 16_000) throw new ApiError('metadata_too_large');
  return metadata;
}

/** A message of the app, told to everybody who listens; `more` overrides. */
export function postByApp(call: Call, channel: Channel, more: Partial<Message>): Message {
  const { args, cloud, team, events } = call;
  const message = cloud.addMessage(channel, {
    user: team.botUser,
    byApp: true,
    username: args.text('username'),
    iconUrl: args.text('icon_emoji') ? null : args.text('icon_url'),
    iconEmoji: args.text('icon_emoji'),
    ...more,
  });
  if (message.threadTs) team.statuses.delete(`${channel.id}/${message.threadTs}`);
  if (!message.ephemeralTo) events.messagePosted(message);
  return message;
}

function ownMessage(call: Call, channel: Channel, error: string): Message {
  const message = messageAt(channel, call.args.need('ts', 'message_not_found'));
  if (!message.byApp) throw new ApiError(error);
  return message;
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': {
    tier: 'channel',
    scopes: postScopes,
    run: (call) => {
      const channel = writable(call);
      const content = contentOf(call, maxText);
      const message = postByApp(call, channel, {
        ...content,
        metadata: metadataOf(call),
        threadTs: threadOf(call, channel),
      });
      return { channel: channel.id, ts: message.ts, message: messageView(message, call.cloud.app.id) };
    },
  },
  'chat.postEphemeral': {
    tier: 4,
    scopes: postScopes,
    run: (call) => {
      const channel = writable(call);
      const user = call.args.need('user', 'user_not_in_channel');
      if (!call.team.users.has(user)) throw new ApiError('user_not_found');
      if (!channel.members.has(user)) throw new ApiError('user_not_in_channel');
      const content = contentOf(call, maxText);
      const message = postByApp(call, channel, {
        ...content,
        ephemeralTo: user,
        threadTs: threadOf(call, channel),
      });
      return { message_ts: message.ts };
    },
  },
  'chat.update': {
    tier: 3,
    scopes: ['chat:write'],
    run: (call) => {
      const channel = channelOf(call);
      if (channel.archived) throw new ApiError('is_inactive');
      const message = ownMessage(call, channel, 'cant_update_message');
      call.cloud.expireStreams();
      if (message.stream?.state === 'in_progress') throw new ApiError('streaming_state_conflict');
      if (call.events.editWindowMs !== null) {
        if (call.cloud.clock.now() - message.postedAt > call.events.editWindowMs)
          throw new ApiError('edit_window_closed');
      }
      const { text, markdown, blocks } = contentOf(call, maxUpdatedText);
      message.text = text;
      message.markdown = markdown;
      message.blocks = blocks;
      message.stream?.chunks.splice(0);
      if (call.args.raw.metadata !== undefined) message.metadata = metadataOf(call);
      if (blocks.length === 0) message.edited = true;
      call.events.messageChanged(message);
      return {
        channel: channel.id,
        ts: message.ts,
        text,
        message: messageView(message, call.cloud.app.id),
      };
    },
  },
  'chat.delete': {
    tier: 3,
    scopes: ['chat:write'],
    run: (call) => {
      const channel = channelOf(call);
      const message = ownMessage(call, channel, 'cant_delete_message');
      call.cloud.expireStreams();
      if (message.stream?.state === 'in_progress') throw new ApiError('cant_delete_message');
      message.deleted = true;
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.getPermalink': {
    tier: 'none',
    scopes: [],
    run: (call) => {
      const channel = channelOf(call);
      const { ts } = messageAt(channel, call.args.need('message_ts', 'message_not_found'));
      const permalink = `https://${call.team.name}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;
      return { channel: channel.id, permalink };
    },
  },
};
