import type { ReplyAddress } from '../../src/delivery/adapter.js';

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

/** An interaction's token is left alone so long before it dies: a call that is on its way must still find it alive. */
const marginMs = 60_000;

/**
 * Reads an address of the core back.
 * @throws Error when it belongs to another platform or lacks what it needs, which is a programming error.
 */
export function readAddress(address: ReplyAddress): DiscordAddress {
  const { platform, kind } = address;
  if (platform === 'discord' && kind === 'channel') return address as ChannelAddress;
  if (platform === 'discord' && kind === 'interaction' && address.token && address.expiresAt)
    return address as InteractionAddress;
  throw new Error(`an address of ${platform} (${kind ?? 'no kind'}) reached Discord`);
}

/** Whether the interaction's own response can still be written. */
export function isAlive({ expiresAt }: InteractionAddress, now: number): boolean {
  return now < Number(expiresAt) - marginMs;
}

/** Where a message of ours stands, as a receipt names it. */
export type Placed =
  /** A message of the bot, or (with `webhook`) of one of its webhooks. */
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly message: string;
      readonly webhook?: string;
    }
  /** A response to an interaction: edited by the interaction's token while it lives. */
  | { readonly kind: 'response'; readonly channel: string; readonly message: string };

const shape = /^(m|i):(\d+):(\d+)(?::(\d+))?$/;

/** `m:<channel>:<message>[:<webhook>]` or `i:<channel>:<message>`. */
export function receiptId(placed: Placed): string {
  const { kind, channel, message } = placed;
  const base = `${kind === 'message' ? 'm' : 'i'}:${channel}:${message}`;
  return kind === 'message' && placed.webhook ? `${base}:${placed.webhook}` : base;
}

/** Reads {@link receiptId} back. @throws TypeError for anything else, which is a programming error. */
export function readReceiptId(id: string): Placed {
  const [, kind, channel, message, webhook] = shape.exec(id) ?? [];
  if (channel === undefined || message === undefined) throw new TypeError(`"${id}" is no receipt of Discord`);
  if (kind === 'i') return { kind: 'response', channel, message };
  return { kind: 'message', channel, message, ...(webhook !== undefined && { webhook }) };
}
