import { tokenLifeMs } from '../world/interactions.js';
import type { InteractionRecord, MessageRecord, WebhookRecord } from '../world/records.js';
import type { World } from '../world/world.js';
import { refusals } from './errors.js';

/** What `/webhooks/:id/:token` means: a channel's webhook, or an interaction that the app has answered. */
export type TokenHolder =
  | { readonly kind: 'webhook'; readonly webhook: WebhookRecord }
  | { readonly kind: 'interaction'; readonly interaction: InteractionRecord };

/** @throws DiscordError 10015, 50027. */
export function tokenHolder(world: World, id: string, token: string): TokenHolder {
  if (id === world.application.id) return { kind: 'interaction', interaction: answered(world, token) };
  const webhook = world.webhooks.get(id);
  if (!webhook) throw refusals.unknownWebhook();
  if (webhook.token !== token) throw refusals.invalidWebhookToken();
  return { kind: 'webhook', webhook };
}

/** An interaction by its token, while that lives. */
function answered(world: World, token: string): InteractionRecord {
  const interaction = world.interactionByToken(token);
  if (!interaction || world.clock.now() - interaction.createdAt > tokenLifeMs)
    throw refusals.invalidWebhookToken();
  if (!interaction.callback) throw refusals.unknownWebhook();
  return interaction;
}

/** One of an interaction's messages; `@original` is its first answer. @throws DiscordError 10008, 10015. */
export function interactionMessage(world: World, interaction: InteractionRecord, id: string): MessageRecord {
  const wanted = id === '@original' ? interaction.originalId : id;
  const own =
    wanted !== null && (wanted === interaction.originalId || interaction.followUpIds.includes(wanted));
  const message = own ? world.anyMessage(wanted) : undefined;
  if (!message || message.deletedAt !== null) throw refusals.unknownMessage();
  if (!world.channels.has(message.channelId)) throw refusals.unknownChannel();
  return message;
}
