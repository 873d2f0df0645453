import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import { says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { type Bot, type BotOptions, startBot } from './bot.js';
import { isGrowing, ours, replies, threads } from './on-screen.js';

let discord: Discord;
let bot: Bot;

async function begin(options: Partial<BotOptions> & { content?: boolean } = {}): Promise<void> {
  const { content, ...rest } = options;
  discord = await startDiscord({ rateLimits: false, privilegedIntents: content ? ['content'] : [] });
  bot = await startBot({ discord, ...rest, config: { editIntervalMs: 30, ...rest.config } });
}
let teardown: (() => Promise<void>)[] = [];
beforeEach(() => {
  teardown = [];
});
afterEach(async () => {
  for (const step of teardown) await step();
  await bot.stop();
  await discord.close();
});

describe('a direct message', () => {
  it('is answered by the bot itself, with the disclosure, and buttons at its end', async () => {
    await begin();
    const ada = discord.addUser({ username: 'ada' });
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'I lost my job and cannot sleep');
    const [reply] = await replies(discord, dm);
    expect(reply?.author.kind).toBe('bot');
    expect(reply?.text).toMatch(/is an AI character[\s\S]*I hear you. Tell me more.$/);
    expect(reply?.text).not.toMatch(/^\*\*/);
    expect(reply?.nonce).toMatch(/^[0-9a-z]{24}$/);
    expect(reply?.buttons.map(({ emoji }) => emoji)).toEqual(['🔄', '👍', '👎']);
    const session = await bot.store.sessions.list(`discord:${ada.id}` as never, { limit: 5, offset: 0 });
    expect(session.map(({ id }) => id)).toEqual([`discord:dm:${dm.id}`]);
  });

  it('goes on as one conversation', async () => {
    await begin();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'first');
    await replies(discord, dm, 1);
    discord.say(ada, dm, 'second');
    await replies(discord, dm, 2);
    expect(bot.model.prompt).toContain('first');
    expect(bot.model.prompt).toContain('second');
  });

  it('is answered twice where two people write', async () => {
    await begin();
    const [ada, bob] = [discord.addUser(), discord.addUser()];
    discord.say(ada, discord.dm(ada), 'hello');
    discord.say(bob, discord.dm(bob), 'hello');
    await Promise.all([replies(discord, discord.dm(ada)), replies(discord, discord.dm(bob))]);
    expect(ours(discord, discord.dm(ada))).toHaveLength(1);
    expect(ours(discord, discord.dm(bob))).toHaveLength(1);
  });

  it('shows typing, and a placeholder where the model is slow, which the text then replaces', async () => {
    const slow = gate();
    await begin({ config: { placeholderAfterMs: 20 } });
    bot.model.next(waits('', slow.opened, 'Here I am.'));
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'hello');
    const placeholder = await discord.until(() => ours(discord, dm).find(isGrowing));
    expect(discord.requests.some(({ path }) => path.endsWith('/typing'))).toBe(true);
    slow.open();
    const [reply, ...others] = await replies(discord, dm);
    expect(reply?.id).toBe(placeholder.id);
    expect(reply?.text).toContain('Here I am.');
    expect(others).toEqual([]);
  });

  it('grows by edits with a stop button, the last of which is exact', async () => {
    const more = gate();
    await begin();
    bot.model.next(waits('One two three. ', more.opened, 'Four.'));
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'count');
    const growing = await discord.until(() => ours(discord, dm).find(isGrowing));
    expect(growing.text).toContain('One two three.');
    more.open();
    const [reply] = await replies(discord, dm);
    expect(reply?.text).toMatch(/One two three. Four.$/);
    expect(reply?.edits).toBeGreaterThan(0);
  });

  it('that needs more than one message is split, with buttons on the last alone', async () => {
    await begin();
    const sentences = Array.from({ length: 120 }, (_, n) => `This is sentence number ${n} of a long story. `);
    bot.model.next(says(...sentences));
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'tell me a story');
    const all = await replies(discord, dm);
    expect(all.length).toBeGreaterThan(2);
    expect(all.map(({ text }) => text).join(' ')).toContain('sentence number 119');
    for (const { text } of all) expect(text.length).toBeLessThanOrEqual(2_000);
    const last = all.at(-1);
    await discord.until(() => all.slice(0, -1).every(({ id }) => buttonsOf(id) === 0), {
      what: 'that the earlier messages carry no button',
    });
    expect(last?.buttons.length).toBeGreaterThan(1);

    function buttonsOf(id: string): number {
      return ours(discord, dm).find((message) => message.id === id)?.buttons.length ?? 0;
    }
  });

  it('never pings anybody, whatever a model says', async () => {
    await begin();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    bot.model.next(says(`@everyone @here <@${ada.id}> <@&123>`));
    discord.say(ada, dm, 'shout');
    const [reply] = await replies(discord, dm);
    expect(reply?.pings).toEqual({ everyone: false, users: [], roles: [] });
  });
});

describe('a mention in a channel', () => {
  it('opens a thread, in which a character answers under its own name and face', async () => {
    await begin();
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    const asked = discord.say(ada, channel, 'My grandmother died last week', { mention: true });
    const [reply] = await replies(discord, asked.id);
    expect(threads(discord)).toMatchObject([{ id: asked.id, name: 'My grandmother died last week' }]);
    const session = await bot.store.sessions.get(`discord:thread:${asked.id}` as never);
    expect(session).toMatchObject({ shared: true, ownerId: `discord:${ada.id}` });
    const character = bot.services.bank.get(session?.characterId ?? '');
    expect(reply?.author).toMatchObject({ kind: 'webhook', name: character?.shortName ?? character?.name });
    expect(reply?.author.avatar).toMatch(/^https:\/\/faces\.example\/[0-9a-f-]+\.png$/);
    expect(reply?.text).toContain('I hear you.');
    expect(reply?.buttons).toHaveLength(3);
    expect(ours(discord, channel)).toEqual([]);
  });

  it('uses one webhook a channel, also after a restart', async () => {
    await begin();
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    const one = discord.say(ada, channel, 'one', { mention: true });
    await replies(discord, one.id);
    const second = await startBot({ discord, config: { editIntervalMs: 30 } });
    teardown.push(() => second.stop());
    await bot.adapter.stop();
    const two = discord.say(ada, channel, 'two', { mention: true });
    const [reply] = await replies(discord, two.id);
    expect(reply?.author.kind).toBe('webhook');
    const made = discord.requests.filter(
      ({ method, path, status }) => method === 'POST' && path.endsWith('/webhooks') && status === 200,
    );
    expect(made).toHaveLength(1);
  });

  it('is continued in the thread by a mention, or by an answer to the character', async () => {
    await begin();
    const [ada, bob] = [discord.addUser({ globalName: 'Ada' }), discord.addUser({ globalName: 'Bob' })];
    const guild = discord.addGuild({ members: [ada, bob] });
    const channel = discord.addChannel(guild);
    const asked = discord.say(ada, channel, 'hello there', { mention: true });
    await replies(discord, asked.id);
    discord.say(bob, asked.id, 'and what about me', { mention: true });
    await replies(discord, asked.id, 2);
    expect(bot.model.prompt).toContain('and what about me');
    expect(bot.model.prompt).toMatch(/Bob/);
    expect(threads(discord)).toHaveLength(1);
  });

  it('needs no further mention in its thread where the application may read', async () => {
    await begin({ content: true });
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    const asked = discord.say(ada, channel, 'hello there', { mention: true });
    await replies(discord, asked.id);
    discord.say(ada, asked.id, 'no mention here');
    await replies(discord, asked.id, 2);
    expect(bot.model.prompt).toContain('no mention here');
  });

  it('says once, in a thread, that it cannot read what does not mention it', async () => {
    await begin();
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    const asked = discord.say(ada, channel, 'hello there', { mention: true });
    await replies(discord, asked.id);
    discord.say(ada, asked.id, 'no mention here');
    discord.say(ada, asked.id, 'nor here');
    const hint = await discord.until(() =>
      ours(discord, asked.id).find(({ text }) => text.includes('messages that mention me')),
    );
    expect(hint.author.kind).toBe('bot');
    discord.say(ada, asked.id, 'but now', { mention: true });
    await replies(discord, asked.id, 2);
    expect(
      ours(discord, asked.id).filter(({ text }) => text.includes('messages that mention me')),
    ).toHaveLength(1);
    expect(bot.model.requests).toHaveLength(2);
  });

  it('is answered in place under the bot’s name where threads are forbidden, saying so once', async () => {
    const { PermissionFlagsBits } = await import('discord-api-types/v10');
    await begin();
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    discord.setOverwrite(channel, {
      deny: PermissionFlagsBits.CreatePublicThreads | PermissionFlagsBits.SendMessagesInThreads,
    });
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, channel);
    const reply = ours(discord, channel).find(({ text }) => text.includes('I hear you.'));
    expect(reply).toMatchObject({ replyTo: asked.id, author: { kind: 'bot' } });
    expect(reply?.text).toMatch(/^\*\*.+\*\*\n/);
    await discord.until(() =>
      ours(discord, channel).some(({ text }) => text.includes('Create Public Threads')),
    );
    discord.say(ada, channel, 'and again', { mention: true });
    await replies(discord, channel, 2);
    expect(bot.model.prompt).toContain('hello');
    expect(ours(discord, channel).filter(({ text }) => text.includes('Create Public Threads'))).toHaveLength(
      1,
    );
  });

  it('has the character’s name before the text where webhooks are forbidden', async () => {
    const { PermissionFlagsBits } = await import('discord-api-types/v10');
    await begin();
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    discord.setOverwrite(channel, { deny: PermissionFlagsBits.ManageWebhooks });
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    const [reply] = await replies(discord, asked.id);
    expect(reply?.author.kind).toBe('bot');
    expect(reply?.text).toMatch(/^\*\*.+\*\*\n/);
  });
});
