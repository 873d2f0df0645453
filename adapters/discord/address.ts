import type { ReplyAddress } from '../../src/delivery/adapter.js';
import type { ChannelAddress, DiscordAddress, InteractionAddress } from './interaction-port.js';

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
