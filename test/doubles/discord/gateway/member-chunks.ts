import {
  GatewayDispatchEvents,
  type GatewayGuildMembersChunkDispatchData,
  GatewayIntentBits,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { presentMember } from '../world/present-channel.js';
import type { World } from '../world/world.js';
import type { GatewaySession } from './session.js';

const requestSchema = z.looseObject({
  guild_id: z.string(),
  query: z.string().optional(),
  user_ids: z.union([z.string(), z.array(z.string())]).optional(),
  limit: z.number().int().optional(),
  nonce: z.string().optional(),
});

/** Op 8: a guild's members by the beginning of their names or by their ids; all of them only with the GuildMembers intent. */
export function sendMemberChunks(world: World, session: GatewaySession, data: unknown): void {
  const parsed = requestSchema.safeParse(data);
  const guild = parsed.success ? world.guilds.get(parsed.data.guild_id) : undefined;
  if (!parsed.success || !guild?.members.has(world.bot.id)) return;
  const { query, user_ids: asked, limit = 0, nonce } = parsed.data;
  const ids = asked === undefined ? undefined : [asked].flat();
  const wantsAll = ids === undefined && !query && limit === 0;
  if (wantsAll && !session.has(GatewayIntentBits.GuildMembers)) return;
  const found = [...guild.members.values()]
    .filter((one) => (ids ? ids.includes(one.userId) : nameOf(world, one.userId).startsWith(query ?? '')))
    .slice(0, limit === 0 ? undefined : limit);
  session.dispatch(GatewayDispatchEvents.GuildMembersChunk, {
    guild_id: guild.id,
    members: found.map((one) => presentMember(world, one)),
    chunk_index: 0,
    chunk_count: 1,
    ...(ids ? { not_found: ids.filter((id) => !guild.members.has(id)) } : {}),
    ...(nonce === undefined ? {} : { nonce }),
  } satisfies GatewayGuildMembersChunkDispatchData);
}

function nameOf(world: World, userId: string): string {
  return world.users.get(userId)?.username ?? '';
}
