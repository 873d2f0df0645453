import { ChannelType, GatewayDispatchEvents, GatewayIntentBits } from 'discord-api-types/v10';
import { botSees } from './permissions.js';
import { channelOf } from './present-channel.js';
import { presentDispatchedMessage } from './present-message.js';
import type { ChannelRecord, MessageRecord } from './records.js';
import type { World } from './world.js';

export function messageCreated(world: World, message: MessageRecord): void {
  tell(world, GatewayDispatchEvents.MessageCreate, message);
}

/** Tells of a message's new state: after an edit, or when a thread was opened on it. */
export function messageChanged(world: World, message: MessageRecord): void {
  if (message.ephemeralFor === null) tell(world, GatewayDispatchEvents.MessageUpdate, message);
}

export function messageIntent(channel: ChannelRecord): GatewayIntentBits {
  return isPrivate(channel) ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages;
}

export function isPrivate(channel: ChannelRecord): boolean {
  return channel.type === ChannelType.DM || channel.type === ChannelType.GroupDM;
}

function tell(
  world: World,
  t: GatewayDispatchEvents.MessageCreate | GatewayDispatchEvents.MessageUpdate,
  message: MessageRecord,
): void {
  const channel = channelOf(world, message.channelId);
  if (!botSees(world, channel)) return;
  world.emit({
    t,
    d: presentDispatchedMessage(world, message, true),
    withoutContent: () => presentDispatchedMessage(world, message, false),
    guildId: channel.guildId,
    intents: [messageIntent(channel)],
  });
}
