import {
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  type RESTPostAPIInteractionCallbackWithResponseResult,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { firstAnswerMs } from '../../world/interactions.js';
import { createMessage, editMessage } from '../../world/messages.js';
import { presentMessage } from '../../world/present-message.js';
import type { InteractionCallback, InteractionRecord, MessageRecord } from '../../world/records.js';
import type { World } from '../../world/world.js';
import { type Answer, type Call, noContent, ok, param, type Route } from '../call.js';
import { invalidForm, parseForm, refusals } from '../errors.js';
import { parseEdit, parseWebhook } from '../message-body.js';
import { parseModal } from '../modals.js';
import { attachmentsAfterEdit, storeUploads } from '../uploads.js';

export const interactionRoutes: readonly Route[] = [
  { method: 'POST', path: '/interactions/:interaction/:token/callback', auth: 'path', handle: callback },
];

const callbackSchema = z.looseObject({ type: z.number().int(), data: z.unknown().optional() });
const choicesSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        name: z.string().min(1).max(100),
        value: z.union([z.string().max(100), z.number()]),
      }),
    )
    .max(25),
});

const {
  Pong,
  ChannelMessageWithSource,
  DeferredChannelMessageWithSource,
  DeferredMessageUpdate,
  UpdateMessage,
} = InteractionResponseType;
const { ApplicationCommandAutocompleteResult, Modal } = InteractionResponseType;

/** Which first answers each kind of interaction takes. */
function allowedTypes(interaction: InteractionRecord): readonly InteractionResponseType[] {
  const messages = [ChannelMessageWithSource, DeferredChannelMessageWithSource];
  const updates = interaction.sourceMessageId === null ? [] : [DeferredMessageUpdate, UpdateMessage];
  if (interaction.type === InteractionType.Ping) return [Pong];
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete)
    return [ApplicationCommandAutocompleteResult];
  if (interaction.type === InteractionType.ModalSubmit) return [...messages, ...updates];
  return [...messages, ...updates, Modal];
}

function callback(call: Call): Answer {
  const { world } = call;
  const interaction = world.interactions.get(param(call, 'interaction'));
  if (interaction?.token !== param(call, 'token')) throw refusals.unknownInteraction();
  if (interaction.callback) throw refusals.alreadyAcknowledged();
  if (world.clock.now() - interaction.createdAt > firstAnswerMs) throw refusals.unknownInteraction();
  const { type, data } = parseForm(callbackSchema, call.body);
  if (!allowedTypes(interaction).includes(type))
    throw invalidForm([
      {
        path: ['type'],
        code: 'INTERACTION_RESPONSE_TYPE_INVALID',
        message: `Response type ${type} does not answer interaction type ${interaction.type}`,
      },
    ]);
  const made = answer(call, interaction, type, data);
  interaction.callback = {
    type,
    at: world.clock.now(),
    messageId: made.message?.id ?? null,
    ephemeral: made.message?.ephemeralFor !== undefined && made.message.ephemeralFor !== null,
    modal: made.modal ?? null,
    choices: made.choices ?? null,
  };
  interaction.originalId = made.message?.id ?? null;
  world.touch();
  return call.query.get('with_response') === 'true'
    ? ok(withResponse(world, interaction, made.message))
    : noContent;
}

interface Made {
  readonly message?: MessageRecord;
  readonly modal?: InteractionCallback['modal'];
  readonly choices?: InteractionCallback['choices'];
}

function answer(
  call: Call,
  interaction: InteractionRecord,
  type: InteractionResponseType,
  data: unknown,
): Made {
  if (type === ChannelMessageWithSource) return { message: reply(call, interaction, data) };
  if (type === DeferredChannelMessageWithSource) return { message: defer(call.world, interaction, data) };
  if (type === UpdateMessage) return { message: update(call, interaction, data) };
  if (type === DeferredMessageUpdate) return { message: source(call.world, interaction) };
  if (type === Modal) return { modal: parseModal(data) };
  if (type === ApplicationCommandAutocompleteResult)
    return { choices: parseForm(choicesSchema, data).choices as InteractionCallback['choices'] };
  return {};
}

function reply(call: Call, interaction: InteractionRecord, data: unknown): MessageRecord {
  const body = parseWebhook(data, call.files.length);
  return post(call.world, interaction, {
    flags: body.flags ?? 0,
    content: body.content ?? '',
    embeds: body.embeds ?? [],
    components: body.components ?? [],
    attachments: storeUploads(call.world, interaction.channelId, call.files, body.attachments),
    allowedMentions: body.allowedMentions,
  });
}

/** "… is thinking": of the flags only EPHEMERAL counts. */
function defer(world: World, interaction: InteractionRecord, data: unknown): MessageRecord {
  const { flags } = parseForm(z.looseObject({ flags: z.number().int().nullish() }), data);
  return post(world, interaction, {
    flags: ((flags ?? 0) & MessageFlags.Ephemeral) | MessageFlags.Loading,
  });
}

function post(
  world: World,
  interaction: InteractionRecord,
  message: Pick<
    Parameters<typeof createMessage>[1],
    'content' | 'embeds' | 'components' | 'attachments' | 'allowedMentions'
  > & { readonly flags: number },
): MessageRecord {
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw refusals.unknownChannel();
  const ephemeral = interaction.privateOnly || (message.flags & MessageFlags.Ephemeral) !== 0;
  const from = interaction.sourceMessageId;
  return createMessage(world, {
    ...message,
    channel,
    author: { userId: world.bot.id },
    webhookId: world.application.id,
    applicationId: world.application.id,
    interaction: interaction.metadata,
    flags: ephemeral ? message.flags | MessageFlags.Ephemeral : message.flags,
    ephemeralFor: ephemeral ? interaction.userId : null,
    type: answerType(interaction),
    ...(from === null
      ? {}
      : {
          reference: {
            type: MessageReferenceType.Default,
            message_id: from,
            channel_id: channel.id,
            ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
          },
        }),
  });
}

function answerType(interaction: InteractionRecord): MessageType {
  if (interaction.sourceMessageId !== null) return MessageType.Reply;
  if (interaction.commandType === 1) return MessageType.ChatInputCommand;
  return interaction.commandType === null ? MessageType.Default : MessageType.ContextMenuCommand;
}

/** The message whose component was used. @throws DiscordError 10008. */
function source(world: World, interaction: InteractionRecord): MessageRecord {
  const message = world.anyMessage(interaction.sourceMessageId ?? '');
  if (!message || message.deletedAt !== null) throw refusals.unknownMessage();
  return message;
}

function update(call: Call, interaction: InteractionRecord, data: unknown): MessageRecord {
  const message = source(call.world, interaction);
  const body = parseEdit(data, message.flags);
  const attachments = attachmentsAfterEdit(
    call.world,
    message.channelId,
    message.attachments,
    body,
    call.files,
  );
  return editMessage(call.world, message, { ...body, attachments });
}

function withResponse(
  world: World,
  interaction: InteractionRecord,
  message: MessageRecord | undefined,
): RESTPostAPIInteractionCallbackWithResponseResult {
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message
        ? {
            response_message_id: message.id,
            response_message_loading: (message.flags & MessageFlags.Loading) !== 0,
            response_message_ephemeral: message.ephemeralFor !== null,
          }
        : {}),
    },
    resource: {
      type: interaction.callback?.type ?? Pong,
      ...(message ? { message: presentMessage(world, message, true) } : {}),
    },
  };
}
