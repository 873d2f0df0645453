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
