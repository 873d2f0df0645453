import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pausePerson } from '../../../../src/commands/privacy.js';
import { saveSettings } from '../../../../src/commands/settings.js';
import { personId, sessionId } from '../../../../src/ids.js';
import { type Discord, DoubleClock, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { type Bot, type BotOptions, startBot } from '../bot.js';
import { ours, replies, threads } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let guild: Guild;
let channel: Channel;

async function begin(options: Partial<BotOptions> & { content?: boolean } = {}): Promise<void> {
  const { content, ...rest } = options;
  discord = await startDiscord({ rateLimits: false, privilegedIntents: content ? ['content'] : [] });
  ada = discord.addUser({ username: 'ada', globalName: 'Ada' });
  guild = discord.addGuild({ members: [ada] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, ...rest, config: { editIntervalMs: 30, ...rest.config } });
}
/** Whatever is written before this was looked at: a direct message of somebody else has been answered. */
async function dealtWith(): Promise<void> {
  const other = discord.addUser();
  discord.say(other, discord.dm(other), 'last');
  await replies(discord, discord.dm(other));
}
const community = (): string => `discord:${guild.id}`;
const asked = (): number => bot.model.requests.length;

beforeEach(() => begin());
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

async function again(options: Parameters<typeof begin>[0]): Promise<void> {
  await bot.stop();
  await discord.close();
  await begin(options);
}

describe('what is not for the bot', () => {
  it('is left alone: talk among people, other bots, webhooks, system messages', async () => {
    const robot = discord.addUser({ bot: true });
    discord.join(robot, guild);
    discord.say(ada, channel, 'nice weather');
    discord.say(robot, channel, 'beep', { mention: true });
    discord.webhookSays(channel, 'News', `<@${discord.botId}> read all about it`);
    await dealtWith();
    expect(asked()).toBe(1);
    expect(ours(discord, channel).filter(({ author }) => author.id === discord.botId)).toEqual([]);
    expect(threads(discord)).toEqual([]);
  });

  it('may be another bot where the administrators allow it, and it calls', async () => {
    const robot = discord.addUser({ bot: true });
    discord.join(robot, guild);
    await saveSettings(bot.services, community(), { allowBots: true });
    discord.say(robot, channel, 'beep');
    const call = discord.say(robot, channel, 'are you there', { mention: true });
    await replies(discord, call.id);
    expect(asked()).toBe(1);
  });

  it('is a channel the administrators left out, and its threads', async () => {
    const other = discord.addChannel(guild);
    await saveSettings(bot.services, community(), { allowedChannels: [other.id] });
    discord.say(ada, channel, 'hello', { mention: true });
    const thread = discord.openThread(ada, channel, 'aside');
    discord.say(ada, thread, 'hello', { mention: true });
    await dealtWith();
    expect(asked()).toBe(1);
    const heard = discord.say(ada, other, 'hello', { mention: true });
    await replies(discord, heard.id);
    const aside = discord.openThread(ada, other, 'aside');
    discord.say(ada, aside, 'and here', { mention: true });
    await replies(discord, aside);
  });

  it('is a thread of people, but for what mentions it', async () => {
    await again({ content: true });
    const thread = discord.openThread(ada, channel, 'aside');
    discord.say(ada, thread, 'hello', { mention: true });
    await replies(discord, thread);
    discord.say(ada, thread, 'and now among us');
    await dealtWith();
    expect(asked()).toBe(2);
    expect(await bot.store.sessions.get(sessionId(`discord:thread:${thread.id}`))).not.toBeNull();
  });

  it('is everybody being called', async () => {
    discord.say(ada, channel, '@everyone come here');
    await dealtWith();
    expect(asked()).toBe(1);
  });
});

describe('what a message says', () => {
  const textOf = async (id: string): Promise<string> => {
    await bot.sessions.settled(sessionId(id));
    const { entries } = await bot.store.transcript.page(sessionId(id), { limit: 50 });
    return entries.findLast(({ role }) => role === 'seeker')?.text ?? '';
  };

  it('is read with names in place of ids', async () => {
    const bob = discord.addUser({ globalName: 'Bob' });
    discord.join(bob, guild);
    const text = `<@${discord.botId}>, <@${bob.id}> said in <#${channel.id}> that <:sad:1234567> <@${discord.botId}>?`;
    const call = discord.say(ada, channel, text);
    await replies(discord, call.id);
    expect(await textOf(`discord:thread:${call.id}`)).toBe('@Bob said in #garden that :sad:?');
  });

  it('comes with the message it answers', async () => {
    const bob = discord.addUser({ globalName: 'Bob' });
    discord.join(bob, guild);
    await again({ content: true });
    const said = discord.say(ada, channel, 'I feel so tired');
    const call = discord.say(ada, channel, 'what would you say?', { mention: true, reply: said });
    await replies(discord, call.id);
    expect(await textOf(`discord:thread:${call.id}`)).toMatch(/what would you say\?[\s\S]*> I feel so tired/);
  });

  it('comes with the text of its files; others are acknowledged plainly', async () => {
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'please read', {
      attachments: [
        { name: 'diary.txt', text: 'Dear diary, it rained.' },
        { name: 'photo.png', bytes: new Uint8Array([1, 2, 3]), contentType: 'image/png' },
      ],
    });
    await replies(discord, dm);
    expect(bot.model.prompt).toContain('Dear diary, it rained.');
    await discord.until(() => ours(discord, dm).find(({ text }) => /photo\.png/.test(text)));
  });

  it('that is a picture alone is acknowledged without asking the model', async () => {
    const dm = discord.dm(ada);
    discord.say(ada, dm, '', {
      attachments: [{ name: 'photo.png', bytes: new Uint8Array([1]), contentType: 'image/png' }],
    });
    await discord.until(() => ours(discord, dm).find(({ text }) => /photo\.png/.test(text)));
    expect(asked()).toBe(0);
  });

  it('and is fetched from nowhere but Discord’s hosts', async () => {
    await again({ config: { cdnHosts: ['cdn.discordapp.com'] } });
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'please read', { attachments: [{ name: 'diary.txt', text: 'Dear diary' }] });
    await replies(discord, dm);
    expect(bot.model.prompt).not.toContain('Dear diary');
    expect(discord.requests.some(({ path }) => path.includes('attachments'))).toBe(false);
    expect(bot.log.some(({ message }) => message.includes("does not lie on Discord's hosts"))).toBe(true);
  });

  it('nothing but a mention is answered with how to go on', async () => {
    const call = discord.say(ada, channel, '', { mention: true });
    const hint = await discord.until(() => ours(discord, channel)[0]);
    expect(hint).toMatchObject({ replyTo: call.id });
    expect(asked()).toBe(0);
  });

  it('too long for the server is refused plainly', async () => {
    const dm = discord.dm(ada);
    const files = Array.from({ length: 1 }, () => ({ name: 'long.txt', text: 'x'.repeat(60_000) }));
    discord.say(ada, dm, 'read this', { attachments: files });
    await replies(discord, dm);
    expect(bot.model.prompt).toContain('xxx');
    await discord.until(() => ours(discord, dm).find(({ text }) => text.includes('long.txt')));
  });

  it('keeps its order within a channel, however long a file takes', async () => {
    const dm = discord.dm(ada);
    const waiting = gate();
    bot.model.next(waits('', waiting.opened, 'ok'));
    discord.faults.delay({ path: /attachments/ }, 100);
    discord.say(ada, dm, 'first', { attachments: [{ name: 'a.txt', text: 'the file' }] });
    discord.say(ada, dm, 'second');
    waiting.open();
    await discord.until(() => bot.model.prompt.includes('second'));
    await bot.sessions.settled(sessionId(`discord:dm:${dm.id}`));
    const { entries } = await bot.store.transcript.page(sessionId(`discord:dm:${dm.id}`), { limit: 50 });
    const texts = entries.filter(({ role }) => role === 'seeker').map(({ text }) => text.slice(0, 6));
    expect(texts).toEqual(['first\n', 'second']);
  });
});

describe('rules of a community and of a person', () => {
  it('let its default character answer', async () => {
    await saveSettings(bot.services, community(), { defaultCharacterId: 'maren-voss' });
    const call = discord.say(ada, channel, 'hello', { mention: true });
    const [reply] = await replies(discord, call.id);
    const maren = bot.services.bank.get('maren-voss');
    expect(reply?.author.name).toBe(maren?.shortName ?? maren?.name);
  });

  it('limit the replies of a day, and say so once', async () => {
    await saveSettings(bot.services, community(), { dailyReplies: 1 });
    const call = discord.say(ada, channel, 'one', { mention: true });
    await replies(discord, call.id);
    discord.say(ada, channel, 'two', { mention: true });
    discord.say(ada, channel, 'three', { mention: true });
    await discord.until(() => ours(discord, channel).find(({ text }) => /replies for today/.test(text)));
    await dealtWith();
    expect(asked()).toBe(2);
    expect(ours(discord, channel)).toHaveLength(1);
    expect(threads(discord)).toHaveLength(1);
  });

  it('leave a paused person alone, who is told once and in private', async () => {
    await pausePerson(bot.services, personId(`discord:${ada.id}`), true);
    discord.say(ada, channel, 'one', { mention: true });
    discord.say(ada, channel, 'two', { mention: true });
    await discord.until(() => ours(discord, discord.dm(ada)).find(({ text }) => text.includes('paused')));
    await dealtWith();
    expect(ours(discord, discord.dm(ada))).toHaveLength(1);
    expect(ours(discord, channel)).toEqual([]);
    expect(threads(discord)).toEqual([]);
    expect(asked()).toBe(1);
  });

  it('tell again that this is an AI where they ask for it', async () => {
    const clock = new DoubleClock();
    await again({ clock });
    await saveSettings(bot.services, community(), { disclosureEveryHours: 1 });
    const call = discord.say(ada, channel, 'one', { mention: true });
    await replies(discord, call.id);
    await bot.sessions.settled(sessionId(`discord:thread:${call.id}`));
    clock.advance(2 * 3_600_000);
    discord.say(ada, call.id, 'two', { mention: true });
    const all = await replies(discord, call.id, 2);
    expect(all.at(-1)?.text).toMatch(/is an AI character/);
  });
});

describe('edits and deletions', () => {
  it('hold for a message that waits', async () => {
    const dm = discord.dm(ada);
    const busy = gate();
    bot.model.next(waits('busy', busy.opened));
    discord.say(ada, dm, 'first');
    await bot.model.asked(1);
    const wrong = discord.say(ada, dm, 'I am hapy');
    const secret = discord.say(ada, dm, 'a secret');
    await until(async () => (await bot.store.inbox.count(sessionId(`discord:dm:${dm.id}`))) === 3);
    discord.edit(ada, wrong, 'I am happy');
    discord.delete(secret);
    await until(async () => (await bot.store.inbox.count(sessionId(`discord:dm:${dm.id}`))) === 2);
    busy.open();
    await replies(discord, dm, 2);
    expect(bot.model.prompt).toContain('I am happy');
    expect(bot.model.prompt).not.toContain('hapy');
    expect(bot.model.prompt).not.toContain('a secret');
  });

  it('stop the reply to a message that was deleted', async () => {
    const dm = discord.dm(ada);
    bot.model.next(waits('I was about to say ', new Promise(() => undefined)));
    const asked = discord.say(ada, dm, 'forget it');
    await discord.until(() => ours(discord, dm)[0]);
    discord.delete(asked);
    const [reply] = await replies(discord, dm);
    expect(reply?.text).toContain('(stopped)');
    expect(bot.model.aborted).toBe(1);
  });

  it('leave what was answered', async () => {
    const dm = discord.dm(ada);
    const first = discord.say(ada, dm, 'first');
    await replies(discord, dm);
    discord.edit(ada, first, 'something else');
    discord.delete(first);
    discord.say(ada, dm, 'second');
    await replies(discord, dm, 2);
    expect(ours(discord, dm)).toHaveLength(2);
  });
});

describe('places that cease to be', () => {
  it('a deleted thread takes its conversation with it, in the middle of a reply', async () => {
    bot.model.next(waits('I was about to say ', new Promise(() => undefined)));
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(() => ours(discord, call.id)[0]);
    discord.deleteChannel(call.id);
    const session = sessionId(`discord:thread:${call.id}`);
    await until(async () => (await bot.store.sessions.get(session)) === null);
    await bot.sessions.settled(session);
    expect(await bot.store.recoverable()).toEqual([]);
    await dealtWith();
  });

  it('a kick ends what goes on there; what is stored of it goes after the stated delay', async () => {
    const more = gate();
    bot.model.next(waits('I was about to say ', more.opened, 'goodbye'));
    await saveSettings(bot.services, community(), { dailyReplies: 7 });
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(() => ours(discord, call.id)[0]);
    discord.kickBot(guild);
    more.open();
    await until(async () => (await bot.store.values.get('discord:erasures'))?.includes(guild.id) === true);
    await until(async () => (await bot.store.recoverable()).length === 0);
    await dealtWith();
  });

  it('an archived thread wakes up with the reply', async () => {
    const more = gate();
    bot.model.next(waits('One. ', more.opened, 'Two.'));
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(() => ours(discord, call.id)[0]);
    discord.setThread(call.id, { archived: true });
    more.open();
    const [reply] = await replies(discord, call.id);
    expect(reply?.text).toMatch(/One. Two.$/);
    discord.setThread(call.id, { archived: true });
    discord.say(ada, call.id, 'still there?', { mention: true });
    await replies(discord, call.id, 2);
  });

  it('a voice channel’s text chat is answered in place', async () => {
    const voice = discord.addChannel(guild, { type: ChannelType.GuildVoice });
    const call = discord.say(ada, voice, 'hello', { mention: true });
    const [reply] = await replies(discord, voice);
    expect(reply?.replyTo).toBe(call.id);
  });

  it('where the bot may not write, the person is told in private who can change that, once', async () => {
    discord.setOverwrite(channel, {
      deny:
        PermissionFlagsBits.SendMessages |
        PermissionFlagsBits.SendMessagesInThreads |
        PermissionFlagsBits.CreatePublicThreads,
    });
    discord.say(ada, channel, 'hello', { mention: true });
    const told = await discord.until(() => ours(discord, discord.dm(ada))[0]);
    expect(told.text).toContain('**Send Messages**');
    expect(told.text).toContain(`<#${channel.id}>`);
    await until(async () => (await bot.store.recoverable()).length === 0);
    discord.say(ada, channel, 'hello again', { mention: true });
    await bot.model.asked(2);
    await until(async () => (await bot.store.recoverable()).length === 0);
    expect(ours(discord, discord.dm(ada))).toHaveLength(1);
  });
});

async function until(probe: () => Promise<boolean>): Promise<void> {
  while (!(await probe())) await new Promise((resolve) => setImmediate(resolve));
}
