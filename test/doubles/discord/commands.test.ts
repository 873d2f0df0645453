import {
  type APIApplicationCommand,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, type Guild, startDiscord, type User } from './index.js';
import { restOf } from './logging-in.js';

describe('application commands', () => {
  let discord: Discord;
  let ada: User;
  let guild: Guild;
  let general: Channel;

  beforeEach(async () => {
    discord = await startDiscord({ rateLimits: false });
    ada = discord.addUser();
    guild = discord.addGuild({ members: [ada] });
    general = discord.addChannel(guild);
  });
  afterEach(() => discord.close());

  const path = (more = ''): `/${string}` => `/applications/${discord.applicationId}/commands${more}`;
  const put = (body: object[]): Promise<APIApplicationCommand[]> =>
    restOf(discord).put(path(), { body }) as Promise<APIApplicationCommand[]>;
  const help = { name: 'help', description: 'Help' };

  it('keeps ids and versions of what did not change', async () => {
    const [first] = await put([help, { name: 'chat', description: 'Talk' }]);
    const [same, changed] = await put([help, { name: 'chat', description: 'Talk to somebody' }]);
    expect(same).toEqual(first);
    expect(changed?.version).not.toBe(first?.version);
    expect((await put([help])).length).toBe(1);
    const [listed] = (await restOf(discord).get(path())) as APIApplicationCommand[];
    expect(listed).not.toHaveProperty('name_localizations');
    const [localized] = (await restOf(discord).get(path(), {
      query: new URLSearchParams({ with_localizations: 'true' }),
    })) as APIApplicationCommand[];
    expect(localized).toMatchObject({ name_localizations: null, contexts: null, integration_types: [0, 1] });
  });

  it.each([
    [{ name: 'Has Space', description: 'x' }],
    [{ name: 'x', description: '' }],
    [{ name: 'x', description: 'x'.repeat(101) }],
    [
      {
        name: 'x',
        description: 'x',
        options: Array.from({ length: 26 }, (_, n) => ({ type: 3, name: `o${n}`, description: 'x' })),
      },
    ],
    [
      {
        name: 'x',
        description: 'x',
        options: [
          { type: 3, name: 'a', description: 'x' },
          { type: 3, name: 'b', description: 'x', required: true },
        ],
      },
    ],
    [{ name: 'x', description: 'x', name_localizations: { xx: 'y' } }],
    [{ type: 3, name: 'Ask', description: 'not here' }],
  ])('refuses %j', async (body) => {
    await expect(put([body])).rejects.toMatchObject({ code: 50_035, status: 400 });
  });

  it('counts creations of a day', async () => {
    const hundred = (name: string): object[] =>
      Array.from({ length: 100 }, (_, n) => ({ name: `${name}${n}`, description: 'x' }));
    await put(hundred('a'));
    await put(hundred('b'));
    const answer = await fetch(`${discord.apiUrl}/v10${path()}`, {
      method: 'POST',
      headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(help),
    });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ code: 30_034 });
  });

  it('offers a command where its contexts, installs and permissions allow', async () => {
    const permissions = PermissionFlagsBits.ManageGuild.toString();
    await put([
      {
        ...help,
        contexts: [InteractionContextType.Guild],
        integration_types: [ApplicationIntegrationType.GuildInstall],
      },
      { name: 'everywhere', description: 'x', integration_types: [0, 1], contexts: [0, 1, 2] },
      { name: 'settings', description: 'x', default_member_permissions: permissions },
    ]);
    expect(() => discord.slash(ada, discord.dm(ada), 'help')).toThrow('wrong context');
    expect(() => discord.slash(ada, general, 'settings')).toThrow('lacks its permissions');
    discord.grant(ada, guild, PermissionFlagsBits.ManageGuild);
    discord.slash(ada, general, 'settings');
    discord.slash(ada, discord.dm(ada), 'everywhere');
    const elsewhere = discord.addChannel(discord.addGuild({ bot: false, members: [ada] }));
    expect(() => discord.slash(ada, elsewhere, 'everywhere')).toThrow('not installed');
    discord.installForUser(ada);
    discord.slash(ada, elsewhere, 'everywhere');
    expect(() => discord.slash(ada, elsewhere, 'help')).toThrow('not installed');
  });

  it('prefers a guild’s own command', async () => {
    await put([help]);
    const [own] = (await restOf(discord).put(
      `/applications/${discord.applicationId}/guilds/${guild.id}/commands`,
      { body: [{ ...help, description: 'Our help' }] },
    )) as APIApplicationCommand[];
    const sent = discord.slash(ada, general, 'help');
    expect(own?.guild_id).toBe(guild.id);
    expect(discord.interaction(sent).callback).toBeNull();
  });
});
