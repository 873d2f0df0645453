import { streamText, visibleBlocks } from './blocks.js';
import type { Json, Message } from './cloud.js';

/** A message as the Web API and events show it. */
export function messageView(message: Message, appId: string, withMetadata = false): Json {
  const { channel, stream } = message;
  const { team } = channel;
  const replies = channel.messages.filter((other) => other.threadTs === message.ts && !other.deleted);
  const blocks = visibleBlocks(message);
  return {
    type: 'message',
    ...(message.username ? {} : { user: message.user }),
    ts: message.ts,
    team: team.id,
    text: message.text || message.markdown || streamText(message),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(replies.length > 0 ? { thread_ts: message.ts, reply_count: replies.length } : {}),
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(message.byApp ? { bot_id: team.botId, app_id: appId } : {}),
    ...(message.username ? { username: message.username, subtype: 'bot_message' } : {}),
    ...(message.iconUrl ? { icons: { image_48: message.iconUrl } } : {}),
    ...(message.files.length > 0 ? { files: message.files } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
    ...(stream ? { streaming_state: stream.state } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}
