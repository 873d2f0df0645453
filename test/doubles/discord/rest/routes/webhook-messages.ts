import { MessageFlags, MessageReferenceType, MessageType } from 'discord-api-types/v10';
import { createMessage, deleteMessage, editMessage } from '../../world/messages.js';
import { presentMessage } from '../../world/present-message.js';
import type { InteractionRecord, MessageRecord, WebhookRecord } from '../../world/records.js';
import { isArchived } from '../../world/threads.js';
import type { World } from '../../world/world.js';
import { threadTakesPosts } from '../access.js';
import { type Answer, type Call, noContent, ok, param, type Route } from '../call.js';
import { refusals } from '../errors.js';
import { parseEdit, parseWebhook, requireContent, type WebhookBody } from '../message-body.js';
import { attachmentsAfterEdit, storeUploads } from '../uploads.js';
import { interactionMessage, tokenHolder } from '../webhook-messages.js';
import { webhookTarget } from './webhooks.js';

/** Follow-ups an app may send where only a person's own install brings it. */
const visitorFollowUps = 5;

export const webhookMessageRoutes: readonly Route[] = [
  { method: 'POST', path: '/webhooks/:webhook/:token', auth: 'path', limit: 'webhookSend', handle: send },
  {
    method: 'GET',
    path: '/webhooks/:webhook/:token/messages/:message',
    auth: 'path',
    limit: 'webhookEdit',
    handle: (call) => ok(presentMessage(call.world, target(call), true)),
  },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook/:token/messages/:message',
    auth: 'path',
    limit: 'webhookEdit',
    handle: edit,
  },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook/:token/messages/:message',
    auth: 'path',
    limit: 'webhookEdit',
    handle: (call) => {
      const message = target(call);
      refuseFrozen(call.world, message);
      deleteMessage(call.world, message);
      return noContent;
    },
  },
];

function send(call: Call): Answer {
  const holder = tokenHolder(call.world, param(call, 'webhook'), param(call, 'token'));
  const body = parseWebhook(call.body, call.files.length);
  if (holder.kind === 'interaction')
    return ok(presentMessage(call.world, followUp(call, holder.interaction, body), true));
  const message = execute(call, holder.webhook, body);
  return call.query.get('wait') === 'true' ? ok(presentMessage(call.world, message, true)) : noContent;
}

/** Execute Webhook: a message under any name and face. There is no nonce here, so a repeat is a second message. */
function execute(call: Call, webhook: WebhookRecord, body: WebhookBody): MessageRecord {
  const { world } = call;
  const channel = webhookTarget(world, webhook, call.query.get('thread_id'));
  threadTakesPosts(world, channel, false);
  const owned = webhook.applicationId === world.application.id;
  return createMessage(world, {
    channel,
    author: {
      userId: webhook.id,
      persona: { name: body.username ?? webhook.name, avatar: body.avatarUrl ?? webhook.avatar },
    },
    webhookId: webhook.id,
    applicationId: webhook.applicationId,
    content: body.content ?? '',
    embeds: body.embeds ?? [],
    components: owned || call.query.get('with_components') === 'true' ? (body.components ?? []) : [],
    attachments: storeUploads(world, channel.id, call.files, body.attachments),
    flags: body.flags ?? 0,
    allowedMentions: body.allowedMentions,
    maySayEveryone: true,
  });
}

/** Create Followup Message; directly after a deferral it fills the deferred message instead. */
function followUp(call: Call, interaction: InteractionRecord, body: WebhookBody): MessageRecord {
  const { world } = call;
  const original = interaction.originalId === null ? undefined : world.anyMessage(interaction.originalId);
  const attachments = storeUploads(world, interaction.channelId, call.files, body.attachments);
  if (original && original.flags & MessageFlags.Loading) {
    if (original.deletedAt !== null) throw refusals.unknownMessage();
    return editMessage(world, original, { ...body, flags: undefined, attachments });
  }
  const visiting = interaction.guildId !== null && interaction.owners[0] === undefined;
  if (visiting && interaction.followUpIds.length >= visitorFollowUps) throw refusals.followUpLimit();
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw refusals.unknownChannel();
  const ephemeral = interaction.privateOnly || ((body.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  const message = createMessage(world, {
    channel,
    author: { userId: world.bot.id },
    webhookId: world.application.id,
    applicationId: world.application.id,
    content: body.content ?? '',
    embeds: body.embeds ?? [],
    components: body.components ?? [],
    attachments,
    flags: ephemeral ? (body.flags ?? 0) | MessageFlags.Ephemeral : (body.flags ?? 0),
    allowedMentions: body.allowedMentions,
    interaction: interaction.metadata,
    ephemeralFor: ephemeral ? interaction.userId : null,
    ...(original
      ? {
          type: MessageType.Reply,
          reference: {
            type: MessageReferenceType.Default,
            message_id: original.id,
            channel_id: channel.id,
            ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
          },
        }
      : {}),
  });
  interaction.followUpIds.push(message.id);
  return message;
}

function edit(call: Call): Answer {
  const { world } = call;
  const message = target(call);
  refuseFrozen(world, message);
  const body = parseEdit(call.body, message.flags);
  const attachments = attachmentsAfterEdit(world, message.channelId, message.attachments, body, call.files);
  requireContent(
    {
      ...body,
      content: body.content === undefined ? message.content : body.content,
      embeds: body.embeds === undefined ? message.embeds : body.embeds,
      components: body.components === undefined ? message.components : body.components,
    },
    (attachments ?? message.attachments).length,
  );
  return ok(presentMessage(world, editMessage(world, message, { ...body, attachments }), true));
}

/** The message a path means, with this webhook or this interaction as its author. @throws DiscordError 10008. */
function target(call: Call): MessageRecord {
  const { world } = call;
  const holder = tokenHolder(world, param(call, 'webhook'), param(call, 'token'));
  const id = param(call, 'message');
  if (holder.kind === 'interaction') return interactionMessage(world, holder.interaction, id);
  const channel = webhookTarget(world, holder.webhook, call.query.get('thread_id'));
  const message = world.message(channel.id, id);
  if (!message || message.webhookId !== holder.webhook.id) throw refusals.unknownMessage();
  return message;
}

function refuseFrozen(world: World, message: MessageRecord): void {
  const channel = world.channels.get(message.channelId);
  if (channel?.thread && isArchived(world, channel)) throw refusals.threadArchived();
}
