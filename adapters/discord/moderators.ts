import type { API } from '@discordjs/core/http-only';
import { type APIOverwrite, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { ChannelFacts } from './channel-facts.js';
import { isForbidden } from './send/refusals.js';

/** Whether the permissions somebody has in a place make them its moderator. */
export function isModerator(may: (permission: bigint) => boolean): boolean {
  const { ManageGuild, ManageMessages, ManageThreads } = PermissionFlagsBits;
  return [ManageGuild, ManageMessages, ManageThreads].some(may);
}

/** Who wrote in a guild. */
export interface GuildMember {
  readonly userId: string;
  readonly roles: readonly string[];
}

/**
 * Whether a member moderates a channel or thread. Discord says so of an interaction but not of a message, so it is worked
 * out from roles and overwrites (topics/permissions, "Permission overwrites"; a thread has those of its channel).
 * @throws what the REST client throws where trying again can help.
 */
export async function moderatesChannel(
  api: Pick<API, 'guilds' | 'channels'>,
  guildId: string,
  place: Pick<ChannelFacts, 'id' | 'parent'>,
  member: GuildMember,
): Promise<boolean> {
  const bits = await permissionsIn(api, guildId, place, member);
  return bits !== null && isModerator((permission) => (bits & permission) === permission);
}

const all = ~0n;

/**
 * What a member may do in a channel or thread; null where Discord does not say.
 * @throws what the REST client throws where trying again can help.
 */
export async function permissionsIn(
  api: Pick<API, 'guilds' | 'channels'>,
  guildId: string,
  { id, parent }: Pick<ChannelFacts, 'id' | 'parent'>,
  member: GuildMember,
): Promise<bigint | null> {
  try {
    const { owner_id, roles } = await api.guilds.get(guildId);
    if (owner_id === member.userId) return all;
    const own = new Set([guildId, ...member.roles]);
    const granted = roles
      .filter((role) => own.has(role.id))
      .reduce((bits, { permissions }) => bits | BigInt(permissions), 0n);
    if ((granted & PermissionFlagsBits.Administrator) !== 0n) return all;
    const channel = await api.channels.get(parent ?? id);
    const overwrites = 'permission_overwrites' in channel ? (channel.permission_overwrites ?? []) : [];
    return [
      overwrites.filter((one) => one.id === guildId),
      overwrites.filter(
        (one) => one.type === OverwriteType.Role && one.id !== guildId && member.roles.includes(one.id),
      ),
      overwrites.filter((one) => one.type === OverwriteType.Member && one.id === member.userId),
    ].reduce(overwritten, granted);
  } catch (error) {
    if (isForbidden(error)) return null;
    throw error;
  }
}

function overwritten(bits: bigint, overwrites: readonly APIOverwrite[]): bigint {
  const sum = (which: 'allow' | 'deny'): bigint =>
    overwrites.reduce((bits, overwrite) => bits | BigInt(overwrite[which]), 0n);
  return (bits & ~sum('deny')) | sum('allow');
}
