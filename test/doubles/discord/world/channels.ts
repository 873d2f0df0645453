import { ChannelType, GatewayDispatchEvents, GatewayIntentBits } from 'discord-api-types/v10';
import { botSees } from './permissions.js';
import { presentChannel } from './present-channel.js';
import type { ChannelRecord } from './records.js';
import type { World } from './world.js';

export interface NewChannel {
  readonly name: string;
  readonly type?: ChannelType;
  readonly parentId?: string;
  readonly topic?: string;
  readonly nsfw?: boolean;
}

export function createChannel(world: World, guildId: string, channel: NewChannel): ChannelRecord {
  const record: ChannelRecord = {
    id: world.ids.next(),
    type: channel.type ?? ChannelType.GuildText,
    guildId,
    name: channel.name,
    topic: channel.topic ?? null,
    parentId: channel.parentId ?? null,
    overwrites: [],
    recipients: [],
    position: 0,
    nsfw: channel.nsfw ?? false,
    slowmodeSeconds: 0,
    lastMessageId: null,
    thread: null,
  };
  world.addChannel(record);
  if (botSees(world, record))
    world.emit({
      t: GatewayDispatchEvents.ChannelCreate,
      d: presentChannel(world, record),
      guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  world.touch();
  return record;
}

/** A direct message between two, or a group. With the bot the first of its kind stays the only one. */
export function privateChannel(
  world: World,
  people: readonly string[],
  type: ChannelType.DM | ChannelType.GroupDM = ChannelType.DM,
): ChannelRecord {
  const existing =
    type === ChannelType.DM
      ? [...world.channels.values()].find(
          (one) => one.type === ChannelType.DM && people.every((id) => one.recipients.includes(id)),
        )
      : undefined;
  if (existing) return existing;
  const record: ChannelRecord = {
    id: world.ids.next(),
    type,
    guildId: null,
    name: null,
    topic: null,
    parentId: null,
    overwrites: [],
    recipients: [...people],
    position: 0,
    nsfw: false,
    slowmodeSeconds: 0,
    lastMessageId: null,
    thread: null,
  };
  world.addChannel(record);
  return record;
}

/** Removes a channel or thread, and with a channel its threads. */
export function deleteChannel(world: World, channel: ChannelRecord): void {
  for (const other of [...world.channels.values()])
    if (other.parentId === channel.id && other.thread) deleteChannel(world, other);
  const wasSeen = botSees(world, channel);
  const shown = presentChannel(world, channel);
  world.removeChannel(channel);
  for (const webhook of [...world.webhooks.values()])
    if (webhook.channelId === channel.id) world.webhooks.delete(webhook.id);
  if (wasSeen)
    world.emit({
      t: channel.thread ? GatewayDispatchEvents.ThreadDelete : GatewayDispatchEvents.ChannelDelete,
      d: channel.thread
        ? { id: channel.id, guild_id: channel.guildId, parent_id: channel.parentId, type: channel.type }
        : shown,
      guildId: channel.guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  world.touch();
}

/** CHANNEL_UPDATE. */
export function channelChanged(world: World, channel: ChannelRecord): void {
  if (botSees(world, channel))
    world.emit({
      t: GatewayDispatchEvents.ChannelUpdate,
      d: presentChannel(world, channel),
      guildId: channel.guildId,
      intents: [GatewayIntentBits.Guilds],
    });
  world.touch();
}
