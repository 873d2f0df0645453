import { type Client, Events, GatewayIntentBits, PermissionFlagsBits, type ThreadChannel } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, type Guild, startDiscord, type User } from './index.js';
import { login, plainIntents, restOf } from './logging-in.js';

describe('what people do, as the classic Client hears of it', () => {
  let discord: Discord;
  let client: Client<true>;
  let ada: User;
  let ben: User;
  let guild: Guild;
  let general: Channel;

  beforeEach(async () => {
    discord = await startDiscord({ rateLimits: false, privilegedIntents: ['members'] });
    ada = discord.addUser({ username: 'ada' });
    ben = discord.addUser({ username: 'ben' });
    guild = discord.addGuild({ members: [ada, ben] });
    general = discord.addChannel(guild);
    client = await login(discord, {
      intents: [
        ...plainIntents,
        GatewayIntentBits.GuildMembers,
        GatewayIntentBits.GuildMessageTyping,
        GatewayIntentBits.GuildWebhooks,
      ],
    });
  });
  afterEach(async () => {
    await client.destroy();
    await discord.close();
  });

  /** Names of the events in the order they came, until `act` has had its last one. */
  async function events(last: string, act: () => void): Promise<string[]> {
    const seen: string[] = [];
    client.on(Events.Raw, (packet: { t: string | null }) => {
      if (packet.t !== null) seen.push(packet.t);
    });
    act();
    await discord.until(() => seen.includes(last), { what: last });
    return seen;
  }

  it('edits, deletes, reactions and typing', async () => {
    expect(
      await events('MESSAGE_DELETE', () => {
        discord.type(ada, general);
        const said = discord.say(ada, general, 'helo');
        discord.edit(ada, said, 'hello');
        discord.react(ben, said, '👍');
        discord.unreact(ben, said, '👍');
        discord.delete(said);
      }),
    ).toEqual([
      'TYPING_START',
      'MESSAGE_CREATE',
      'MESSAGE_UPDATE',
      'MESSAGE_REACTION_ADD',
      'MESSAGE_REACTION_REMOVE',
      'MESSAGE_DELETE',
    ]);
  });

  it('a purge, and who is in a guild', async () => {
    const said = [discord.say(ada, general, 'one'), discord.say(ada, general, 'two')];
    expect(await events('MESSAGE_DELETE_BULK', () => discord.purge(general, said))).not.toContain(
      'MESSAGE_DELETE',
    );
    expect(discord.whatUsersSee(general)).toEqual([]);
    const members = await client.guilds.cache.get(guild.id)?.members.fetch();
    expect(members?.map((one) => one.user.username)).toEqual(expect.arrayContaining(['ada', 'ben']));
  });

  it('threads: who is mentioned joins, who leaves the guild leaves', async () => {
    const created = new Promise<ThreadChannel>((resolve) => client.once(Events.ThreadCreate, resolve));
    const thread = discord.openThread(ada, general, 'Ada');
    expect((await created).ownerId).toBe(ada.id);
    expect(discord.whatUsersSee(general)).toEqual([]);
    expect(discord.whatUsersSee(general, { system: true })).toMatchObject([{ text: 'Ada' }]);
    const members = (): string[] => [
      ...(discord.world.channels.get(thread.id)?.thread?.members.keys() ?? []),
    ];
    discord.say(ada, thread, 'come here', { mention: [ben] });
    expect(members()).toEqual([ada.id, ben.id]);
    expect(await events('GUILD_MEMBER_REMOVE', () => discord.leave(ben, guild))).toContain(
      'GUILD_MEMBER_REMOVE',
    );
    expect(members()).toEqual([ada.id]);
    expect(() => discord.say(ben, general, 'still here')).toThrow('may not write');
  });

  it('guilds come, go down and go', async () => {
    const other = discord.addGuild({ name: 'Other' });
    await discord.until(() => client.guilds.cache.get(other.id)?.name === 'Other');
    discord.setUnavailable(other, true);
    await discord.until(() => client.guilds.cache.get(other.id)?.available === false);
    discord.setUnavailable(other, false);
    await discord.until(() => client.guilds.cache.get(other.id)?.available);
    discord.kickBot(other);
    await discord.until(() => !client.guilds.cache.has(other.id));
  });

  it('channels and permissions change', async () => {
    discord.setOverwrite(general, { deny: PermissionFlagsBits.SendMessages });
    const cached = (): boolean | undefined => {
      const channel = client.channels.cache.get(general.id);
      return channel && 'permissionsFor' in channel
        ? channel.permissionsFor(client.user)?.has('SendMessages')
        : undefined;
    };
    await discord.until(() => cached() === false);
    discord.timeOut(guild, { ms: 60_000 });
    await discord.until(() => client.guilds.cache.get(guild.id)?.members.me?.isCommunicationDisabled());
    const post = restOf(discord).post(`/channels/${general.id}/messages`, { body: { content: 'hi' } });
    await expect(post).rejects.toMatchObject({ code: 50_013 });
    discord.deleteChannel(general);
    await discord.until(() => !client.channels.cache.has(general.id));
    const gone = restOf(discord).post(`/channels/${general.id}/messages`, { body: { content: 'hi' } });
    await expect(gone).rejects.toMatchObject({ code: 10_003 });
  });

  it('answers are private where the app comes with one person and others may not see it', async () => {
    await client.application.commands.set([
      { name: 'chat', description: 'Talk', integrationTypes: [0, 1], contexts: [0, 1, 2] },
    ]);
    const foreign = discord.addGuild({
      bot: false,
      members: [ada],
      everyone: PermissionFlagsBits.ViewChannel | PermissionFlagsBits.UseApplicationCommands,
    });
    const channel = discord.addChannel(foreign);
    discord.installForUser(ada);
    client.on(Events.InteractionCreate, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      expect(interaction.inCachedGuild()).toBe(false);
      await interaction.reply('hello');
      for (let n = 0; n < 5; n += 1) await interaction.followUp(`more ${n}`);
      await interaction
        .followUp('too much')
        .catch((error: { code: number }) => interaction.editReply(`${error.code}`));
    });
    const sent = discord.slash(ada, channel, 'chat');
    await discord.until(() => discord.interaction(sent).original?.text === '40094');
    expect(discord.interaction(sent).original?.ephemeralFor).toBe(ada.id);
    const friends = discord.addPrivateChannel([ada, ben]);
    const inside = discord.slash(ada, friends, 'chat');
    await discord.until(() => discord.interaction(inside).followUps.length === 6);
    expect(discord.whatUsersSee(friends, { viewer: ben.id })[0]?.text).toBe('hello');
  });
});
