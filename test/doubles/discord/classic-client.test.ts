import { type Client, Partials } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from './index.js';
import { login, nextMessage } from './logging-in.js';

describe('the classic Client', () => {
  let discord: Discord;
  let client: Client<true>;

  beforeEach(async () => {
    discord = await startDiscord({ rateLimits: false });
  });
  afterEach(async () => {
    await client.destroy();
    await discord.close();
  });

  it('logs in and knows its guilds and channels', async () => {
    const ada = discord.addUser({ username: 'ada' });
    const guild = discord.addGuild({ name: 'Lovelace', members: [ada] });
    const general = discord.addChannel(guild, { name: 'general' });
    client = await login(discord);
    expect(client.user.id).toBe(discord.botId);
    expect(client.guilds.cache.get(guild.id)).toMatchObject({
      name: 'Lovelace',
      available: true,
      memberCount: 3,
    });
    expect(client.channels.cache.get(general.id)).toMatchObject({ name: 'general' });
    expect(client.guilds.cache.get(guild.id)?.members.me?.permissions.has('ManageWebhooks')).toBe(true);
  });

  it('is told of a message, replies and edits', async () => {
    const ada = discord.addUser({ username: 'ada' });
    const guild = discord.addGuild({ members: [ada] });
    const general = discord.addChannel(guild);
    client = await login(discord);
    const came = nextMessage(client, (one) => !one.author.bot);
    discord.say(ada, general, 'hello there', { mention: true });
    const message = await came;
    expect(message.content).toBe(`<@${discord.botId}> hello there`);
    expect(message.mentions.has(client.user)).toBe(true);
    const reply = await message.reply('Hello Ada');
    await reply.edit('Hello Ada!');
    const seen = discord.whatUsersSee(general);
    expect(seen.map((one) => [one.author.name, one.text, one.edits])).toEqual([
      ['ada', `<@${discord.botId}> hello there`, 0],
      ['Rapport', 'Hello Ada!', 1],
    ]);
    expect(seen[1]?.replyTo).toBe(message.id);
    expect(seen[1]?.pings.users).toEqual([ada.id]);
  });

  it('gets direct messages', async () => {
    const ada = discord.addUser({ username: 'ada' });
    client = await login(discord, { partials: [Partials.Channel] });
    const came = nextMessage(client);
    discord.say(ada, discord.dm(ada), 'psst');
    const message = await came;
    expect(message.content).toBe('psst');
    expect(message.inGuild()).toBe(false);
  });
});
