import type { APIMessage, GatewayMessageCreateDispatchData } from 'discord-api-types/v10';
import { MessageType } from 'discord-api-types/v10';
import { isThread } from '../channel-facts.js';

/** A message as an event or the history of a channel brings it. */
export type HeardMessage = APIMessage &
  Partial<Pick<GatewayMessageCreateDispatchData, 'guild_id' | 'member' | 'channel_type'>>;

/** The application and its bot user. */
export interface Self {
  readonly applicationId: string;
  readonly userId: string;
}

/**
 * Whom a message is for.
 * - `ours`: of the bot, or of a webhook of the application.
 * - `nobody`: of webhooks, of the system.
 * - `direct`: in a direct message.
 * - `addressed`: mentions the bot, or answers one of its messages.
 * - `overheard`: neither; it is for the bot only in a thread that the bot opened for a conversation.
 */
export type Hearing = 'ours' | 'nobody' | 'direct' | 'addressed' | 'overheard';

export function hear(message: HeardMessage, self: Self): Hearing {
  const { type, author, webhook_id, application_id, guild_id, channel_type } = message;
  if (author.id === self.userId || (webhook_id !== undefined && application_id === self.applicationId))
    return 'ours';
  if (webhook_id !== undefined || author.system) return 'nobody';
  if (type !== MessageType.Default && type !== MessageType.Reply) return 'nobody';
  if (guild_id === undefined) return author.bot ? 'nobody' : 'direct';
  if (message.mentions.some(({ id }) => id === self.userId) || answersUs(message, self)) return 'addressed';
  // Another bot is heard only where it calls this one.
  if (author.bot || (channel_type !== undefined && !isThread(channel_type))) return 'nobody';
  return 'overheard';
}

/** Whether a message of ours was posted as one: neither an answer to an interaction nor a note of Discord's. */
export function isPosted({ type, interaction_metadata }: HeardMessage): boolean {
  return interaction_metadata === undefined && (type === MessageType.Default || type === MessageType.Reply);
}

/** Whether it answers a message of the bot or of one of its characters. */
export function answersUs({ type, referenced_message: answered }: HeardMessage, self: Self): boolean {
  if (type !== MessageType.Reply || !answered) return false;
  return answered.author.id === self.userId || answered.application_id === self.applicationId;
}

/** How its writer is called where they wrote. */
export function speakerOf({ author, member }: HeardMessage): string {
  return member?.nick ?? author.global_name ?? author.username;
}
