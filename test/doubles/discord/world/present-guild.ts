import {
  type APIGuild,
  type GatewayGuildCreateDispatchData,
  GuildDefaultMessageNotifications,
  GuildExplicitContentFilter,
  GuildMFALevel,
  GuildNSFWLevel,
  GuildPremiumTier,
  type GuildSystemChannelFlags,
  GuildVerificationLevel,
} from 'discord-api-types/v10';
import { botSees } from './permissions.js';
import { presentChannel, presentMember } from './present-channel.js';
import type { GuildRecord } from './records.js';
import type { World } from './world.js';

/** A guild as `GET /guilds/:id` answers. */
export function presentGuild(guild: GuildRecord): APIGuild {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    icon_hash: null,
    splash: null,
    discovery_splash: null,
    owner_id: guild.ownerId,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: GuildVerificationLevel.None,
    default_message_notifications: GuildDefaultMessageNotifications.OnlyMentions,
    explicit_content_filter: GuildExplicitContentFilter.Disabled,
    roles: [...guild.roles.values()],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: GuildMFALevel.None,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0 as GuildSystemChannelFlags,
    rules_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: GuildPremiumTier.None,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    public_updates_channel_id: null,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    nsfw_level: GuildNSFWLevel.Default,
    premium_progress_bar_enabled: false,
    hub_type: null,
    safety_alerts_channel_id: null,
    incidents_data: null,
  };
}

/**
 * A guild as GUILD_CREATE shows it.
 * @param allMembers the session has the GuildMembers intent; without it only the bot itself is listed.
 * @param largeThreshold of IDENTIFY: more members than this are not listed.
 */
export function presentGuildCreate(
  world: World,
  guild: GuildRecord,
  { allMembers, largeThreshold }: { allMembers: boolean; largeThreshold: number },
): GatewayGuildCreateDispatchData {
  const bot = guild.members.get(world.bot.id);
  const visible = world.channelsOf(guild.id).filter((channel) => botSees(world, channel));
  const listed = allMembers ? [...guild.members.values()].slice(0, largeThreshold) : bot ? [bot] : [];
  return {
    ...presentGuild(guild),
    joined_at: new Date(bot?.joinedAt ?? 0).toISOString(),
    large: guild.members.size > largeThreshold,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: listed.map((member) => presentMember(world, member)),
    channels: visible
      .filter((channel) => !channel.thread)
      .map((channel) => presentChannel(world, channel)) as GatewayGuildCreateDispatchData['channels'],
    threads: visible
      .filter((channel) => channel.thread && !channel.thread.archived)
      .map((channel) => presentChannel(world, channel)) as GatewayGuildCreateDispatchData['threads'],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
