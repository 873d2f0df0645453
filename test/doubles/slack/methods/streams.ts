import { ApiError } from '../api-error.js';
import { isJson } from '../arguments.js';
import { checkBlocks, keptBlocks, streamText } from '../blocks.js';
import type { AgentSession, Block, Channel, Json, Message } from '../cloud.js';
import { messageView } from '../message-view.js';
import { type Call, channelOf, type Method, messageAt, postScopes, threadOf, writable } from '../method.js';
import { postByApp } from './chat.js';

const maxText = 12_000;
const chunkTypes = new Set(['markdown_text', 'task_update', 'plan_update', 'blocks']);

/** The chunks of a call and the mode it speaks; null where it brings no text. */
function chunksOf(call: Call): { readonly mode: 'text' | 'chunks'; readonly chunks: Json[] } | null {
  const text = call.args.text('markdown_text');
  const chunks = call.args.objects('chunks', 'invalid_chunks');
  if (text !== null && chunks !== null) throw new ApiError('cannot_provide_both_markdown_text_and_chunks');
  if (text !== null) {
    if (text.length > maxText) throw new ApiError('msg_too_long');
    return { mode: 'text', chunks: [{ type: 'markdown_text', text }] };
  }
  if (chunks === null || chunks.length === 0) return null;
  return { mode: 'chunks', chunks: chunks.map((chunk) => checkedChunk(call, chunk)) };
}

function checkedChunk(call: Call, chunk: Json): Json {
  if (!chunkTypes.has(String(chunk.type))) throw new ApiError('invalid_chunks');
  if (chunk.type === 'markdown_text') {
    if (typeof chunk.text !== 'string' || chunk.text === '') throw new ApiError('invalid_chunks');
    if (chunk.text.length > maxText) throw new ApiError('msg_too_long');
  }
  if (chunk.type !== 'blocks') return chunk;
  if (call.events.refusesBlockChunks) throw new ApiError('invalid_chunks');
  const blocks = Array.isArray(chunk.blocks) ? chunk.blocks.filter(isBlock) : [];
  checkBlocks(blocks);
  return { type: 'blocks', blocks: keptBlocks(call.cloud, blocks) };
}

function isBlock(value: unknown): value is Block {
  return isJson(value) && typeof value.type === 'string';
}

function openStream(call: Call): {
  channel: Channel;
  message: Message;
  stream: NonNullable<Message['stream']>;
} {
  const channel = channelOf(call);
  const message = messageAt(channel, call.args.need('ts', 'message_not_found'));
  if (!message.byApp) throw new ApiError('message_not_owned_by_app');
  call.cloud.expireStreams();
  const { stream } = message;
  if (stream?.stoppedByUser) throw new ApiError('stopped_by_user');
  if (stream?.state !== 'in_progress') throw new ApiError('message_not_in_streaming_state');
  return { channel, message, stream };
}

function append(message: Message, added: ReturnType<typeof chunksOf>): void {
  if (!added || !message.stream) return;
  if (added.mode !== message.stream.mode) throw new ApiError('streaming_mode_mismatch');
  const length = added.chunks.reduce((sum, chunk) => sum + String(chunk.text ?? '').length, 0);
  if (streamText(message).length + length > maxText) throw new ApiError('msg_too_long');
  message.stream.chunks.push(...added.chunks);
}

export const streamMethods: Record<string, Method> = {
  'chat.startStream': {
    tier: 2,
    scopes: postScopes,
    run: (call) => {
      const channel = writable(call);
      if (channel.refusesStreams) throw new ApiError(channel.refusesStreams);
      const threadTs = threadOf(call, channel, 'invalid_thread_ts');
      if (threadTs === null) throw new ApiError('invalid_thread_ts');
      if (channel.kind !== 'im') checkRecipient(call);
      const added = chunksOf(call);
      const message = postByApp(call, channel, {
        threadTs,
        stream: {
          mode: added?.mode ?? 'text',
          chunks: added?.chunks ?? [],
          startedAt: call.cloud.clock.now(),
          state: 'in_progress',
          stoppedByUser: false,
        },
      });
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.appendStream': {
    tier: 4,
    scopes: ['chat:write'],
    run: (call) => {
      const { channel, message } = openStream(call);
      const added = chunksOf(call);
      if (!added) throw new ApiError('markdown_text_or_chunks_required');
      append(message, added);
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.stopStream': {
    tier: 2,
    scopes: ['chat:write'],
    run: (call) => {
      const { channel, message, stream } = openStream(call);
      const blocks = call.args.blocks() ?? [];
      checkBlocks(blocks);
      append(message, chunksOf(call));
      const metadata = call.args.object('metadata', 'invalid_metadata_format');
      if (metadata) message.metadata = metadata;
      message.blocks = keptBlocks(call.cloud, blocks);
      stream.state = 'completed';
      const key = `${channel.id}/${message.threadTs}`;
      const session = call.team.sessions.get(key);
      const status = (call.args.text('session_status') ?? 'active') as AgentSession['status'];
      if (session) call.team.sessions.set(key, { ...session, status });
      return { channel: channel.id, ts: message.ts, message: messageView(message, call.cloud.app.id) };
    },
  },
};

function checkRecipient(call: Call): void {
  const { args, cloud } = call;
  const user = args.text('recipient_user_id');
  const team = args.text('recipient_team_id');
  if (team === null) throw new ApiError('missing_recipient_team_id');
  if (user === null) throw new ApiError('missing_recipient_user_id');
  const home = cloud.teams.get(team);
  if (!home) throw new ApiError('team_not_found');
  if (!home.users.has(user)) throw new ApiError('user_not_found');
}
