import {
  type APIOverwrite,
  type APIRole,
  GatewayDispatchEvents,
  type GatewayGuildDeleteDispatchData,
  type GatewayGuildMemberAddDispatchData,
  type GatewayGuildMemberRemoveDispatchData,
  type GatewayGuildRoleModifyDispatchData,
  GatewayIntentBits,
  Locale,
  OverwriteType,
  type RoleFlags,
} from 'discord-api-types/v10';
import { everyoneDefault } from './permissions.js';
import { presentChannel, presentMember, presentUser } from './present-channel.js';
import type { ChannelRecord, GuildRecord, MemberRecord } from './records.js';
import { leaveThread } from './threads.js';
import type { World } from './world.js';

export interface NewGuild {
  readonly id?: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale?: Locale;
  readonly everyone?: bigint;
}

export function createGuild(world: World, guild: NewGuild): GuildRecord {
  const id = guild.id ?? world.ids.nextGuild();
  const record: GuildRecord = {
    id,
    name: guild.name,
    ownerId: guild.ownerId,
    locale: guild.locale ?? Locale.EnglishUS,
    roles: new Map([[id, makeRole(id, '@everyone', guild.everyone ?? everyoneDefault)]]),
    members: new Map(),
    botRoleId: null,
    unavailable: false,
  };
  world.guilds.set(id, record);
  return record;
}

export function makeRole(
  id: string,
  name: string,
  permissions: bigint,
  more: Partial<Pick<APIRole, 'managed' | 'mentionable' | 'position' | 'tags'>> = {},
): APIRole {
  return {
    id,
    name,
    permissions: permissions.toString(),
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: more.position ?? 0,
    managed: more.managed ?? false,
    mentionable: more.mentionable ?? false,
    flags: 0 as RoleFlags,
    ...(more.tags ? { tags: more.tags } : {}),
  };
}

/** Adds a person, or the bot with the role its install brings along. The gateway is told of people only. */
export function addMember(
  world: World,
  guild: GuildRecord,
  userId: string,
  { roles = [], botPermissions = 0n }: { roles?: readonly string[]; botPermissions?: bigint } = {},
): MemberRecord {
  const member: MemberRecord = {
    userId,
    nick: null,
    roles: [...roles],
    joinedAt: world.clock.now(),
    timeoutUntil: null,
  };
  if (userId === world.bot.id) {
    const role = makeRole(world.ids.next(), world.application.name, botPermissions, {
      managed: true,
      position: 1,
      tags: { bot_id: userId },
    });
    guild.roles.set(role.id, role);
    guild.botRoleId = role.id;
    member.roles.push(role.id);
  }
  guild.members.set(userId, member);
  if (userId !== world.bot.id && guild.members.has(world.bot.id))
    world.emit({
      t: GatewayDispatchEvents.GuildMemberAdd,
      d: {
        ...presentMember(world, member),
        guild_id: guild.id,
      } satisfies GatewayGuildMemberAddDispatchData,
      guildId: guild.id,
      intents: [GatewayIntentBits.GuildMembers],
    });
  world.touch();
  return member;
}

export function removeMember(world: World, guild: GuildRecord, userId: string): void {
  if (!guild.members.delete(userId)) return;
  if (userId === world.bot.id) {
    if (guild.botRoleId !== null) guild.roles.delete(guild.botRoleId);
    guild.botRoleId = null;
    guildGone(world, guild, false);
  } else if (guild.members.has(world.bot.id))
    world.emit({
      t: GatewayDispatchEvents.GuildMemberRemove,
      d: {
        guild_id: guild.id,
        user: presentUser(world, userId),
      } satisfies GatewayGuildMemberRemoveDispatchData,
      guildId: guild.id,
      intents: [GatewayIntentBits.GuildMembers],
    });
  for (const thread of world.threadsOf(guild.id)) leaveThread(world, thread, userId);
  world.touch();
}

/** GUILD_DELETE: the bot was removed, or the guild is down. */
export function guildGone(world: World, guild: GuildRecord, outage: boolean): void {
  world.emit({
    t: GatewayDispatchEvents.GuildDelete,
    d: {
      id: guild.id,
      ...(outage ? { unavailable: true } : {}),
    } as GatewayGuildDeleteDispatchData,
    guildId: guild.id,
    intents: [GatewayIntentBits.Guilds],
  });
}

export function setRolePermissions(world: World, guild: GuildRecord, roleId: string, bits: bigint): void {
  const role = guild.roles.get(roleId);
  if (!role) throw new Error(`no role ${roleId} in guild ${guild.id}`);
  role.permissions = bits.toString();
  world.emit({
    t: GatewayDispatchEvents.GuildRoleUpdate,
    d: { guild_id: guild.id, role } satisfies GatewayGuildRoleModifyDispatchData,
    guildId: guild.id,
    intents: [GatewayIntentBits.Guilds],
  });
}

/** Tells of the bot's own changed membership, or a person's. */
export function memberChanged(world: World, guild: GuildRecord, member: MemberRecord): void {
  world.emit({
    t: GatewayDispatchEvents.GuildMemberUpdate,
    d: { ...presentMember(world, member), guild_id: guild.id },
    guildId: guild.id,
    intents:
      member.userId === world.bot.id
        ? [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers]
        : [GatewayIntentBits.GuildMembers],
  });
  world.touch();
}

/** Allows and denies something for one role or person in a channel, on top of what they may in the guild. */
export function setOverwrite(
  world: World,
  channel: ChannelRecord,
  { targetId, allow = 0n, deny = 0n }: { targetId: string; allow?: bigint; deny?: bigint },
): void {
  const guild = world.guilds.get(channel.guildId ?? '');
  const overwrite: APIOverwrite = {
    id: targetId,
    type: guild?.roles.has(targetId) ? OverwriteType.Role : OverwriteType.Member,
    allow: allow.toString(),
    deny: deny.toString(),
  };
  channel.overwrites = [...channel.overwrites.filter((one) => one.id !== targetId), overwrite];
  world.emit({
    t: GatewayDispatchEvents.ChannelUpdate,
    d: presentChannel(world, channel),
    guildId: channel.guildId,
    intents: [GatewayIntentBits.Guilds],
  });
  world.touch();
}

/** A new role with these permissions for one member. @returns its id. */
export function grantRole(world: World, userId: string, guild: GuildRecord, permissions: bigint): string {
  const member = guild.members.get(userId);
  if (!member) throw new Error(`user ${userId} is no member of guild ${guild.id}`);
  const role = makeRole(world.ids.next(), 'granted', permissions, { position: 2 });
  guild.roles.set(role.id, role);
  member.roles.push(role.id);
  world.emit({
    t: GatewayDispatchEvents.GuildRoleCreate,
    d: { guild_id: guild.id, role } satisfies GatewayGuildRoleModifyDispatchData,
    guildId: guild.id,
    intents: [GatewayIntentBits.Guilds],
  });
  memberChanged(world, guild, member);
  return role.id;
}
