import {
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayTypingStartDispatchData,
} from 'discord-api-types/v10';
import { isPrivate } from './message-events.js';
import { memberOf, presentMember } from './present-channel.js';
import type { ChannelRecord } from './records.js';
import type { World } from './world.js';

/** TYPING_START, for the bot as well as for people. */
export function typingStarted(world: World, channel: ChannelRecord, userId: string): void {
  const member = memberOf(world, channel.guildId, userId);
  world.typing.push({ channelId: channel.id, userId, at: world.clock.now() });
  world.emit({
    t: GatewayDispatchEvents.TypingStart,
    d: {
      channel_id: channel.id,
      user_id: userId,
      timestamp: Math.floor(world.clock.now() / 1_000),
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
      ...(member ? { member: presentMember(world, member) } : {}),
    } satisfies GatewayTypingStartDispatchData,
    guildId: channel.guildId,
    intents: [
      isPrivate(channel) ? GatewayIntentBits.DirectMessageTyping : GatewayIntentBits.GuildMessageTyping,
    ],
  });
  world.touch();
}
