import { MessageReferenceType, MessageType, PermissionFlagsBits } from 'discord-api-types/v10';
import { z } from 'zod';
import { createMessage, deleteMessage, deleteMessages, editMessage } from '../../world/messages.js';
import { presentMessage } from '../../world/present-message.js';
import type { ChannelRecord, MessageRecord } from '../../world/records.js';
import { compareIds } from '../../world/snowflake.js';
import type { World } from '../../world/world.js';
import {
  botMay,
  existingMessage,
  mayPost,
  needsInChannel,
  readableMessage,
  threadTakesChanges,
  visibleChannel,
} from '../access.js';
import { type Answer, type Call, noContent, ok, param, type Route } from '../call.js';
import { DiscordError, invalidForm, parseForm, refusals } from '../errors.js';
import { type CreateBody, parseCreate, parseEdit, requireContent } from '../message-body.js';
import { attachmentsAfterEdit, storeUploads } from '../uploads.js';
import { canReadContent } from './content.js';

/** How long an enforced nonce is remembered. */
const nonceMemoryMs = 300_000;

export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: '/channels/:channel/messages', auth: 'bot', limit: 'messageRead', handle: list },
  {
    method: 'POST',
    path: '/channels/:channel/messages',
    auth: 'bot',
    limit: 'messageCreate',
    handle: create,
  },
  {
    method: 'POST',
    path: '/channels/:channel/messages/bulk-delete',
    auth: 'bot',
    limit: 'messageDelete',
    handle: bulkDelete,
  },
  {
    method: 'GET',
    path: '/channels/:channel/messages/:message',
    auth: 'bot',
    limit: 'messageRead',
    handle: (call) => {
      const channel = visibleChannel(call.world, param(call, 'channel'));
      return ok(shown(call.world, readableMessage(call.world, channel, param(call, 'message'))));
    },
  },
  {
    method: 'PATCH',
    path: '/channels/:channel/messages/:message',
    auth: 'bot',
    limit: 'messageEdit',
    handle: edit,
  },
  {
    method: 'DELETE',
    path: '/channels/:channel/messages/:message',
    auth: 'bot',
    limit: 'messageDelete',
    handle: remove,
  },
];

function shown(world: World, message: MessageRecord): object {
  return presentMessage(world, message, canReadContent(world));
}

function list(call: Call): Answer {
  const { world, query } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  if (!botMay(world, channel, PermissionFlagsBits.ReadMessageHistory)) return ok([]);
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw invalidForm([
      { path: ['limit'], code: 'NUMBER_TYPE_MAX', message: 'int value should be between 1 and 100.' },
    ]);
  const messages = world
    .messagesOf(channel.id)
    .filter((message) => message.deletedAt === null && message.ephemeralFor === null)
    .sort((a, b) => compareIds(a.id, b.id));
  return ok(
    page(messages, query, limit)
      .reverse()
      .map((message) => shown(world, message)),
  );
}

/** @param messages oldest first. @returns the asked page, oldest first. */
function page(messages: MessageRecord[], query: URLSearchParams, limit: number): MessageRecord[] {
  const around = query.get('around');
  const before = query.get('before');
  const after = query.get('after');
  if (around !== null) {
    const older = messages.filter((one) => compareIds(one.id, around) < 0).slice(-Math.floor(limit / 2));
    const rest = messages.filter((one) => compareIds(one.id, around) >= 0);
    return [...older, ...rest.slice(0, limit - older.length)];
  }
  if (after !== null) return messages.filter((one) => compareIds(one.id, after) > 0).slice(0, limit);
  const earlier = before === null ? messages : messages.filter((one) => compareIds(one.id, before) < 0);
  return earlier.slice(-limit);
}

function create(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  mayPost(world, channel);
  const body = parseCreate(call.body, call.files.length);
  const twin = body.enforceNonce ? sameNonce(world, body.nonce) : undefined;
  if (twin) return ok({ ...shown(world, twin), nonce: twin.nonce });
  if (call.files.length > 0) needsInChannel(world, channel, PermissionFlagsBits.AttachFiles);
  const reference = referenceOf(world, channel, body);
  const embeds = botMay(world, channel, PermissionFlagsBits.EmbedLinks) ? (body.embeds ?? []) : [];
  const message = createMessage(world, {
    channel,
    author: { userId: world.bot.id },
    content: body.content ?? '',
    embeds,
    components: body.components ?? [],
    attachments: storeUploads(world, channel.id, call.files, body.attachments),
    flags: body.flags ?? 0,
    allowedMentions: body.allowedMentions,
    nonce: body.nonce,
    ...reference,
  });
  return ok({ ...shown(world, message), ...(body.nonce === null ? {} : { nonce: body.nonce }) });
}

/** The message that this author has written under the nonce in the last minutes. */
function sameNonce(world: World, nonce: string | number | null): MessageRecord | undefined {
  const found = nonce === null ? undefined : world.messageByNonce(world.bot.id, nonce);
  return found && world.clock.now() - found.createdAt <= nonceMemoryMs ? found : undefined;
}

function referenceOf(
  world: World,
  channel: ChannelRecord,
  body: CreateBody,
): Pick<Parameters<typeof createMessage>[1], 'reference' | 'type'> {
  const asked = body.reference;
  if (!asked?.message_id || asked.type === MessageReferenceType.Forward) return {};
  if (!botMay(world, channel, PermissionFlagsBits.ReadMessageHistory)) throw refusals.cannotReply();
  const found = world.message(channel.id, asked.message_id);
  if (!found && asked.fail_if_not_exists !== false)
    throw invalidForm([
      { path: ['message_reference'], code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' },
    ]);
  if (!found) return {};
  return {
    type: MessageType.Reply,
    reference: {
      type: MessageReferenceType.Default,
      message_id: found.id,
      channel_id: channel.id,
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
    },
  };
}

function edit(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  const message = existingMessage(world, channel, param(call, 'message'));
  if (message.author.userId !== world.bot.id || message.webhookId !== null) throw refusals.notYourMessage();
  threadTakesChanges(world, channel);
  const body = parseEdit(call.body, message.flags);
  const attachments = attachmentsAfterEdit(world, channel.id, message.attachments, body, call.files);
  requireContent(
    {
      ...body,
      content: body.content === undefined ? message.content : body.content,
      embeds: body.embeds === undefined ? message.embeds : body.embeds,
      components: body.components === undefined ? message.components : body.components,
    },
    (attachments ?? message.attachments).length,
  );
  const edited = editMessage(world, message, {
    ...body,
    ...(attachments ? { attachments } : { attachments: undefined }),
  });
  return ok(shown(world, edited));
}

function remove(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  const message = existingMessage(world, channel, param(call, 'message'));
  if (message.author.userId !== world.bot.id)
    needsInChannel(world, channel, PermissionFlagsBits.ManageMessages);
  threadTakesChanges(world, channel);
  deleteMessage(world, message);
  return noContent;
}

function bulkDelete(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  needsInChannel(world, channel, PermissionFlagsBits.ManageMessages);
  const { messages } = parseForm(z.object({ messages: z.array(z.string()).min(2).max(100) }), call.body);
  const found = messages.map((id) => world.message(channel.id, id)).filter((one) => one !== undefined);
  if (found.some((one) => world.clock.now() - one.createdAt > 1_209_600_000))
    throw new DiscordError(400, 50_034, 'You can only bulk delete messages that are under 14 days old.');
  deleteMessages(world, channel, found);
  return noContent;
}
