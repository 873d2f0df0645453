import type { APIInteraction } from 'discord-api-types/v10';
import type { ReplyAddress } from '../../src/delivery/adapter.js';

/** Takes the interactions of the gateway (slash commands, components, modals, autocomplete). */
export interface InteractionHandler {
  /**
   * Acknowledges and answers one interaction. Call it at once, off the message path: the platform waits 3 s.
   * Never rejects; what goes wrong is told to the person and logged. Resolves when nothing of it runs any more.
   */
  handle(interaction: APIInteraction): Promise<void>;
}

/**
 * Where a reply goes that answers an interaction: the first message of the reply is the interaction's own response
 * (`PATCH @original`), further ones are follow-ups, and once `expiresAt` is near a normal message in `channel` goes on.
 * All values are strings, for an address is stored as plain data.
 */
export interface InteractionAddress extends ReplyAddress {
  readonly platform: 'discord';
  readonly kind: 'interaction';
  /** The channel or thread the interaction came from. */
  readonly channel: string;
  readonly applicationId: string;
  readonly interactionId: string;
  readonly token: string;
  /** When the token dies, ms since the epoch in decimal digits (15 minutes after the interaction). */
  readonly expiresAt: string;
  /** `true`: only the person sees the response, and the bot may be no member here (no normal message can follow). */
  readonly ephemeral: 'true' | 'false';
  /** The guild, where there is one. */
  readonly guild?: string;
}

/** Where a reply goes in a channel, thread or direct message that the bot is a member of. */
export interface ChannelAddress extends ReplyAddress {
  readonly platform: 'discord';
  readonly kind: 'channel';
  /** The channel, thread or direct-message channel that is written to. */
  readonly channel: string;
  /** The channel a thread belongs to: webhooks live there. */
  readonly parent?: string;
  /** The guild; absent in direct messages. */
  readonly guild?: string;
  /** The message of `parent` a thread is made from, should it not exist yet: the thread's id is that message's. */
  readonly starter?: string;
  /** What that thread is called. */
  readonly title?: string;
  /** The message that is answered in place, where no thread can be opened. */
  readonly replyTo?: string;
}

export type DiscordAddress = InteractionAddress | ChannelAddress;

export function channelAddress(
  channel: string,
  place: { readonly guild?: string | undefined; readonly parent?: string | undefined } = {},
): ChannelAddress {
  const { guild, parent } = place;
  return {
    platform: 'discord',
    kind: 'channel',
    channel,
    ...(parent !== undefined && { parent }),
    ...(guild !== undefined && { guild }),
  };
}
