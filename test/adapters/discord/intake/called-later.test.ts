import { ChannelType } from 'discord-api-types/v10';
import { afterEach, describe, expect, it } from 'vitest';
import { saveSettings } from '../../../../src/commands/settings.js';
import { personId, sessionId } from '../../../../src/ids.js';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { type Bot, type BotOptions, startBot } from '../bot.js';
import { ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let ben: User;
let guild: Guild;
let channel: Channel;

async function begin({ content = false, ...config }: BotOptions['config'] & { content?: boolean } = {}) {
  discord = await startDiscord({ rateLimits: false, privilegedIntents: content ? ['content'] : [] });
  ada = discord.addUser({ username: 'ada', globalName: 'Ada' });
  ben = discord.addUser({ username: 'ben', globalName: 'Ben' });
  guild = discord.addGuild({ members: [ada, ben] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, config: { editIntervalMs: 30, ...config } });
}
afterEach(async () => {
  await bot.stop();
  await discord.close();
});
const prompt = (): string => bot.model.prompt;

describe('a mention later in a thread (issue 14, A.6)', () => {
  it('comes with what was said before it, and later with what was said since', async () => {
    await begin({ content: true });
    const thread = discord.openThread(ben, channel, 'aside');
    discord.say(ben, thread, 'I lost my keys');
    discord.say(ada, thread, 'again?');
    discord.say(ada, thread, 'what should he do?', { mention: true });
    await replies(discord, thread);
    expect(prompt()).toContain('what should he do?');
    expect(prompt()).toContain('> Ben: I lost my keys\n> Ada: again?');
    await bot.sessions.settled(sessionId(`discord:thread:${thread.id}`));
    discord.say(ben, thread, 'found them');
    discord.say(ben, thread, 'are you glad?', { mention: true });
    await replies(discord, thread, 2);
    expect(prompt()).toContain('> Ben: found them');
    expect(prompt().split('> Ben: I lost my keys')).toHaveLength(2);
  });

  it('without Message Content says what Discord does not show, and names the command that does', async () => {
    await begin();
    const thread = discord.openThread(ben, channel, 'aside');
    discord.say(ben, thread, 'I lost my keys');
    discord.say(ada, thread, 'what should he do?', { mention: true });
    await replies(discord, thread);
    const told = await discord.until(() =>
      ours(discord, thread).find(({ text }) => text.includes('what was said here before')),
    );
    expect(told.text).toContain('Ask a character about this');
    expect(prompt()).not.toContain('keys');
  });

  it('an empty call in a thread asks about what was said', async () => {
    await begin({ content: true });
    const thread = discord.openThread(ben, channel, 'aside');
    discord.say(ben, thread, 'I lost my keys');
    discord.say(ada, thread, '', { mention: true });
    await replies(discord, thread);
    expect(prompt()).toContain(
      'What do you make of this, which was said here before?\n> Ben: I lost my keys',
    );
  });
});

describe('a proxy bot (issue 14, A.6)', () => {
  const pluralKit = '466378653216014359';

  it('repeats a message: that one is answered, once, in the name of who wrote it', async () => {
    await begin({ proxyBots: [pluralKit] });
    const original = discord.say(ada, channel, 'hello from us', { mention: true });
    const repeated = discord.proxy(original, pluralKit, 'Wren');
    await replies(discord, repeated.id);
    expect(bot.model.requests).toHaveLength(1);
    expect(prompt()).toContain('hello from us');
    await bot.sessions.settled(sessionId(`discord:thread:${repeated.id}`));
    const session = await bot.store.sessions.get(sessionId(`discord:thread:${repeated.id}`));
    expect(session?.ownerId).toBe(personId(`discord:${ada.id}`));
    const { entries } = await bot.store.transcript.page(sessionId(`discord:thread:${repeated.id}`), {
      limit: 9,
    });
    expect(entries.find(({ role }) => role === 'seeker')?.speakerName).toBe('Wren');
  });

  it('that is not named in the settings is no person', async () => {
    await begin({ proxyBots: [pluralKit] });
    discord.proxy(discord.say(ada, channel, 'hello', { mention: true }), '411111111111111111', 'Wren');
    const other = discord.say(ben, channel, 'hello', { mention: true });
    await replies(discord, other.id);
    expect(bot.model.requests).toHaveLength(1);
  });
});

describe('what a character cannot see or end (issue 14, A.6)', () => {
  it('pictures are named to the model', async () => {
    await begin();
    const attachments = [{ name: 'my-cat.png', bytes: new Uint8Array([137, 80]), contentType: 'image/png' }];
    const call = discord.say(ada, channel, 'look at her!', { mention: true, attachments });
    await replies(discord, call.id);
    expect(prompt()).toContain('look at her!');
    expect(prompt()).toContain('(With this came "my-cat.png": pictures or files that cannot be seen here.)');
  });

  it('two programs that answer each other come to an end', async () => {
    await begin();
    const robot = discord.addUser({ bot: true });
    discord.join(robot, guild);
    await saveSettings(bot.services, `discord:${guild.id}`, { allowBots: true });
    const voice = discord.addChannel(guild, { type: ChannelType.GuildVoice });
    const most = bot.services.config.limits.botRepliesAnHour;
    for (let n = 0; n < most + 5; n += 1) discord.say(robot, voice, `round ${n}`, { mention: true });
    const last = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, last.id);
    const heard = bot.model.requests.map((request) => JSON.stringify(request)).join();
    expect(heard).not.toContain(`round ${most}`);
    expect(heard).toContain(`round ${most - 1}`);
  });
});

describe('a message that is deleted while it is thought about (issue 14, B.5)', () => {
  it('leaves nothing behind', async () => {
    await begin();
    bot.model.next(waits('', gate().opened, 'never'));
    const dm = discord.dm(ada);
    const call = discord.say(ada, dm, 'I hate everybody');
    await bot.model.asked(1);
    discord.delete(call.id);
    await bot.sessions.settled(sessionId(`discord:dm:${dm.id}`));
    expect(ours(discord, dm).filter(({ text }) => text.includes('stopped'))).toEqual([]);
  });
});

describe('an event of a direct message (issue 14, A.7)', () => {
  it('may name its server as null', async () => {
    await begin();
    discord.world.nullGuilds = { guild_id: null as never };
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'hello');
    await replies(discord, dm);
  });
});
