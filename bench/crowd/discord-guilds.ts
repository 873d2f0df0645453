import { ChannelType } from 'discord-api-types/v10';
import type { Discord, Guild } from '../../test/doubles/discord/index.js';
import { makeRole } from '../../test/doubles/discord/world/guilds.js';
import { presentGuildCreate } from '../../test/doubles/discord/world/present-guild.js';

/** A server as they are: some channels in categories with topics and rights of their own, roles, members. */
const categories = 6;
const channelsInCategory = 7;
const roles = 25;
const topic = 'Be kind, search before you ask, and keep one subject to one thread. Pictures go elsewhere.';

/** Invites the bot into a server like many. */
export function addUsualGuild(discord: Discord): Guild {
  const guild = discord.addGuild({ bot: false });
  const record = discord.world.guilds.get(guild.id);
  if (!record) throw new Error('the double has lost a guild');
  for (let index = 0; index < roles; index += 1) {
    const role = makeRole(discord.world.ids.next(), `role ${index}`, 1_071_698_660_929n, { position: index });
    record.roles.set(role.id, role);
  }
  for (let index = 0; index < categories; index += 1) {
    const category = discord.addChannel(guild, { type: ChannelType.GuildCategory, name: `area ${index}` });
    for (let channel = 0; channel < channelsInCategory; channel += 1) {
      const { id } = discord.addChannel(guild, { parentId: category.id, topic });
      if (channel % 3 === 0) discord.setOverwrite(id, { target: guild.id, deny: 2_048n });
    }
  }
  discord.inviteBot(guild);
  return guild;
}

/** What GUILD_CREATE of a server weighs as JSON, bytes. */
export function guildBytes(discord: Discord, { id }: Guild): number {
  const record = discord.world.guilds.get(id);
  if (!record) return 0;
  const shown = presentGuildCreate(discord.world, record, { allMembers: false, largeThreshold: 50 });
  return Buffer.byteLength(JSON.stringify(shown));
}
