import { randomBytes } from 'node:crypto';
import {
  type APIWebhook,
  ChannelType,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayWebhooksUpdateDispatchData,
  PermissionFlagsBits,
  WebhookType,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { presentUser } from '../../world/present-channel.js';
import type { ChannelRecord, WebhookRecord } from '../../world/records.js';
import type { World } from '../../world/world.js';
import { botGuild, needsInChannel, needsInGuild, visibleChannel } from '../access.js';
import { type Answer, type Call, noContent, ok, param, type Route } from '../call.js';
import { DiscordError, invalidForm, parseForm, refusals } from '../errors.js';
import { tokenHolder } from '../webhook-messages.js';

export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: '/channels/:channel/webhooks', auth: 'bot', limit: 'webhook', handle: create },
  { method: 'GET', path: '/channels/:channel/webhooks', auth: 'bot', limit: 'webhook', handle: ofChannel },
  { method: 'GET', path: '/guilds/:guild/webhooks', auth: 'bot', limit: 'webhook', handle: ofGuild },
  {
    method: 'GET',
    path: '/webhooks/:webhook',
    auth: 'bot',
    limit: 'webhook',
    handle: (call) => ok(present(call.world, managed(call))),
  },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook',
    auth: 'bot',
    limit: 'webhook',
    handle: (call) => change(call, managed(call)),
  },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook',
    auth: 'bot',
    limit: 'webhook',
    handle: (call) => remove(call, managed(call)),
  },
  {
    method: 'GET',
    path: '/webhooks/:webhook/:token',
    auth: 'path',
    limit: 'webhook',
    handle: (call) => {
      const { user: _, ...shown } = present(call.world, byToken(call));
      return ok(shown);
    },
  },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook/:token',
    auth: 'path',
    limit: 'webhook',
    handle: (call) => change(call, byToken(call)),
  },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook/:token',
    auth: 'path',
    limit: 'webhook',
    handle: (call) => remove(call, byToken(call)),
  },
];

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .superRefine((name, context) => {
    const forbidden = /clyde|discord/i.exec(name);
    if (forbidden)
      context.addIssue({
        code: 'custom',
        message: `Username cannot contain "${forbidden[0].toLowerCase()}"`,
        params: { code: 'USERNAME_INVALID_CONTAINS' },
      });
  });
const createSchema = z.looseObject({ name: nameSchema, avatar: z.string().nullish() });
const changeSchema = z.looseObject({
  name: nameSchema.optional(),
  avatar: z.string().nullish(),
  channel_id: z.string().optional(),
});

function create(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  if (channel.guildId === null || channel.thread || channel.type === ChannelType.GuildCategory)
    throw new DiscordError(400, 50_024, 'Cannot execute action on this channel type');
  needsInChannel(world, channel, PermissionFlagsBits.ManageWebhooks);
  const body = parseForm(createSchema, call.body);
  const existing = [...world.webhooks.values()].filter((one) => one.channelId === channel.id);
  if (existing.length >= 15) throw new DiscordError(400, 30_007, 'Maximum number of webhooks reached (15)');
  const webhook: WebhookRecord = {
    id: world.ids.next(),
    token: randomBytes(51).toString('base64url'),
    guildId: channel.guildId,
    channelId: channel.id,
    name: body.name,
    avatar: body.avatar ? randomBytes(16).toString('hex') : null,
    creatorId: world.bot.id,
    applicationId: world.application.id,
  };
  world.webhooks.set(webhook.id, webhook);
  updated(world, webhook);
  return ok(present(world, webhook));
}

function ofChannel(call: Call): Answer {
  const { world } = call;
  const channel = visibleChannel(world, param(call, 'channel'));
  needsInChannel(world, channel, PermissionFlagsBits.ManageWebhooks);
  return ok(listed(world, (one) => one.channelId === channel.id));
}

function ofGuild(call: Call): Answer {
  const guild = botGuild(call.world, param(call, 'guild'));
  needsInGuild(call.world, guild, PermissionFlagsBits.ManageWebhooks);
  return ok(listed(call.world, (one) => one.guildId === guild.id));
}

function listed(world: World, fits: (webhook: WebhookRecord) => boolean): APIWebhook[] {
  return [...world.webhooks.values()].filter(fits).map((one) => present(world, one));
}

function managed(call: Call): WebhookRecord {
  const { world } = call;
  const webhook = world.webhooks.get(param(call, 'webhook'));
  const channel = webhook ? world.channels.get(webhook.channelId) : undefined;
  if (!webhook || !channel) throw refusals.unknownWebhook();
  needsInChannel(world, channel, PermissionFlagsBits.ManageWebhooks);
  return webhook;
}

function byToken(call: Call): WebhookRecord {
  const holder = tokenHolder(call.world, param(call, 'webhook'), param(call, 'token'));
  if (holder.kind !== 'webhook') throw refusals.unknownWebhook();
  return holder.webhook;
}

function change(call: Call, webhook: WebhookRecord): Answer {
  const body = parseForm(changeSchema, call.body);
  if (body.name !== undefined) webhook.name = body.name;
  if (body.avatar !== undefined)
    webhook.avatar = body.avatar === null ? null : randomBytes(16).toString('hex');
  if (body.channel_id !== undefined) {
    const target = call.world.channels.get(body.channel_id);
    if (target?.guildId !== webhook.guildId)
      throw invalidForm([{ path: ['channel_id'], code: 'CHANNEL_INVALID', message: 'Unknown channel' }]);
    webhook.channelId = target.id;
  }
  updated(call.world, webhook);
  return ok(present(call.world, webhook));
}

function remove({ world }: Call, webhook: WebhookRecord): Answer {
  world.webhooks.delete(webhook.id);
  updated(world, webhook);
  return noContent;
}

/** The channel a webhook writes to: its own, or a thread of it. @throws DiscordError 10003. */
export function webhookTarget(world: World, webhook: WebhookRecord, threadId: string | null): ChannelRecord {
  const channel = world.channels.get(threadId ?? webhook.channelId);
  const belongs = channel && (channel.id === webhook.channelId || channel.parentId === webhook.channelId);
  if (!belongs) throw refusals.unknownChannel();
  return channel;
}

/** Its token is shown only to the application that made it. */
function present(world: World, webhook: WebhookRecord): APIWebhook {
  const mine = webhook.applicationId === world.application.id;
  return {
    id: webhook.id,
    type: WebhookType.Incoming,
    guild_id: webhook.guildId,
    channel_id: webhook.channelId,
    name: webhook.name,
    avatar: webhook.avatar,
    user: presentUser(world, webhook.creatorId),
    application_id: webhook.applicationId,
    ...(mine
      ? { token: webhook.token, url: `https://discord.com/api/webhooks/${webhook.id}/${webhook.token}` }
      : {}),
  };
}

/** WEBHOOKS_UPDATE. */
export function updated(world: World, webhook: WebhookRecord): void {
  world.emit({
    t: GatewayDispatchEvents.WebhooksUpdate,
    d: {
      guild_id: webhook.guildId,
      channel_id: webhook.channelId,
    } satisfies GatewayWebhooksUpdateDispatchData,
    guildId: webhook.guildId,
    intents: [GatewayIntentBits.GuildWebhooks],
  });
  world.touch();
}
