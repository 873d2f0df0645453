import { randomBytes } from 'node:crypto';
import {
  type APIInteractionGuildMember,
  type APIMessageInteractionMetadata,
  ChannelType,
  GatewayDispatchEvents,
  InteractionType,
  Locale,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { answersPrivately, type Place } from './commands.js';
import { allPermissions, channelPermissions } from './permissions.js';
import { presentChannel, presentMember, presentUser } from './present-channel.js';
import { presentMessage } from './present-message.js';
import type { ChannelRecord, InteractionRecord, MessageRecord } from './records.js';
import type { World } from './world.js';

/** How long the app may take for its first answer, and how long its token lives after that. */
export const firstAnswerMs = 3_000;
export const tokenLifeMs = 900_000;

/** What the bot may do where it is no member and comes along with one person. */
const visitorPermissions =
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.UseExternalEmojis |
  PermissionFlagsBits.MentionEveryone;

export interface NewInteraction {
  readonly type: InteractionType;
  readonly userId: string;
  readonly channel: ChannelRecord;
  readonly place: Place;
  readonly data: object;
  readonly sourceMessage?: MessageRecord;
  /** The interaction whose answer was the modal. */
  readonly opener?: InteractionRecord;
  readonly commandName?: string;
  readonly commandType?: number;
  readonly targetMessageId?: string;
}

/** Records an interaction and sends INTERACTION_CREATE. */
export function createInteraction(world: World, interaction: NewInteraction): InteractionRecord {
  const { channel, userId, place } = interaction;
  const id = world.ids.next();
  const record: InteractionRecord = {
    id,
    token: randomBytes(48).toString('base64url'),
    type: interaction.type,
    createdAt: world.clock.now(),
    userId,
    channelId: channel.id,
    guildId: channel.guildId,
    context: place.context,
    owners: place.owners,
    metadata: metadataOf(world, id, interaction),
    sourceMessageId: interaction.sourceMessage?.id ?? null,
    commandName: interaction.commandName ?? null,
    commandType: interaction.commandType ?? null,
    privateOnly: answersPrivately(world, channel, userId),
    callback: null,
    originalId: null,
    followUpIds: [],
  };
  world.addInteraction(record);
  world.emit({
    t: GatewayDispatchEvents.InteractionCreate,
    d: payloadOf(world, record, interaction),
    guildId: channel.guildId,
    intents: [],
  });
  world.touch();
  return record;
}

function metadataOf(world: World, id: string, interaction: NewInteraction): APIMessageInteractionMetadata {
  const base = {
    id,
    user: presentUser(world, interaction.userId),
    authorizing_integration_owners: interaction.place.owners,
  };
  if (interaction.type === InteractionType.MessageComponent)
    return { ...base, type: interaction.type, interacted_message_id: interaction.sourceMessage?.id ?? '' };
  if (interaction.type === InteractionType.ModalSubmit && interaction.opener)
    return {
      ...base,
      type: interaction.type,
      triggering_interaction_metadata: interaction.opener.metadata as never,
    };
  return {
    ...base,
    type: InteractionType.ApplicationCommand,
    ...(interaction.targetMessageId === undefined ? {} : { target_message_id: interaction.targetMessageId }),
  };
}

function payloadOf(world: World, record: InteractionRecord, interaction: NewInteraction): object {
  const { channel, userId } = interaction;
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  const permissions = channelPermissions(world, channel, userId).toString();
  return {
    id: record.id,
    application_id: world.application.id,
    type: record.type,
    data: interaction.data,
    token: record.token,
    version: 1,
    ...(guild
      ? {
          guild: { id: guild.id, locale: guild.locale, features: [] },
          guild_id: guild.id,
          guild_locale: guild.locale,
        }
      : {}),
    channel: { ...presentChannel(world, channel), ...dmRecipients(world, channel, userId), permissions },
    channel_id: channel.id,
    ...(member
      ? { member: { ...presentMember(world, member), permissions } satisfies APIInteractionGuildMember }
      : { user: presentUser(world, userId) }),
    ...(interaction.sourceMessage ? { message: presentMessage(world, interaction.sourceMessage, true) } : {}),
    app_permissions: appPermissions(world, channel).toString(),
    locale: world.locales.get(userId) ?? Locale.EnglishUS,
    entitlements: [],
    authorizing_integration_owners: record.owners,
    context: record.context,
    attachment_size_limit: 10_485_760,
  };
}

/** A private channel between others names those it is between. */
function dmRecipients(world: World, channel: ChannelRecord, userId: string): object {
  if (channel.type !== ChannelType.DM) return {};
  const others = channel.recipients.filter((id) => id !== world.bot.id || channel.recipients.length === 1);
  return {
    recipients: others
      .filter((id) => id !== userId || others.length === 1)
      .map((id) => presentUser(world, id)),
  };
}

function appPermissions(world: World, channel: ChannelRecord): bigint {
  if (channel.guildId === null)
    return channel.recipients.includes(world.bot.id) ? allPermissions : visitorPermissions;
  return world.guilds.get(channel.guildId)?.members.has(world.bot.id)
    ? channelPermissions(world, channel, world.bot.id)
    : visitorPermissions;
}
