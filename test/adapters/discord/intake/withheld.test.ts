import { afterEach, describe, expect, it } from 'vitest';
import { sessionId } from '../../../../src/ids.js';
import { type Discord, type SeenMessage, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { type Bot, type BotOptions, startBot } from '../bot.js';
import { ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let guild: Guild;
let channel: Channel;

async function begin({ content, faces }: { content: boolean; faces?: 'auto' | 'webhook' }): Promise<void> {
  discord = await startDiscord({ rateLimits: false, privilegedIntents: content ? ['content'] : [] });
  ada = discord.addUser({ username: 'ada', globalName: 'Ada' });
  guild = discord.addGuild({ members: [ada] });
  channel = discord.addChannel(guild, { name: 'garden' });
  const config: BotOptions['config'] = { editIntervalMs: 30, faces: faces ?? 'auto' };
  bot = await startBot({ discord, config });
}
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

const said = (where: { id: string }, words: RegExp): Promise<SeenMessage> =>
  discord.until(() => ours(discord, where).find(({ text }) => words.test(text)));
const textOf = async (thread: string): Promise<string> => {
  const id = sessionId(`discord:thread:${thread}`);
  await bot.sessions.settled(id);
  const { entries } = await bot.store.transcript.page(id, { limit: 50 });
  return entries.findLast(({ role }) => role === 'seeker')?.text ?? '';
};
const ownRole = (): string => {
  const role = discord.world.guilds.get(guild.id)?.botRoleId;
  if (!role) throw new Error('the bot has no role');
  return role;
};
const withheld = /Discord shows me the text only of messages that mention me/;

describe('a reply to a character (issue 14, A.2)', () => {
  it('is answered without Message Content: the bot writes, the character’s name stands before the text', async () => {
    await begin({ content: false });
    const call = discord.say(ada, channel, 'hello', { mention: true });
    const [first] = await replies(discord, call.id);
    expect(first?.author.id).toBe(discord.botId);
    expect(first?.text).toMatch(/^\*\*.+\*\*\n/);
    discord.say(ada, call.id, 'it is about my dog', { reply: first?.id ?? '' });
    await replies(discord, call.id, 2);
    expect(await textOf(call.id)).toBe('it is about my dog');
  });

  it('keeps the character’s own face where Message Content is granted', async () => {
    await begin({ content: true });
    const call = discord.say(ada, channel, 'hello', { mention: true });
    const [first] = await replies(discord, call.id);
    expect(first?.author.kind).toBe('webhook');
    discord.say(ada, call.id, 'it is about my dog', { reply: first?.id ?? '' });
    await replies(discord, call.id, 2);
  });

  it('that cannot be read is met with what to do, for each person', async () => {
    await begin({ content: false, faces: 'webhook' });
    const bob = discord.addUser({ globalName: 'Bob' });
    discord.join(bob, guild);
    const call = discord.say(ada, channel, 'hello', { mention: true });
    const [first] = await replies(discord, call.id);
    for (const person of [ada, bob]) {
      const reply = discord.say(person, call.id, 'it is about my dog', { reply: first?.id ?? '' });
      const notice = await discord.until(() =>
        ours(discord, call.id).find(({ replyTo }) => replyTo === reply.id),
      );
      expect(notice.text).toMatch(withheld);
      expect(notice.text).toContain(`<@${discord.botId}>`);
    }
  });
});

describe('a mention in reply to somebody else (issue 14, A.3)', () => {
  it('is answered knowing that the message cannot be seen, and names the command that sees it', async () => {
    await begin({ content: false });
    const bob = discord.addUser({ globalName: 'Bob' });
    discord.join(bob, guild);
    const tired = discord.say(bob, channel, 'I feel so tired');
    const call = discord.say(ada, channel, 'what would you say?', { mention: true, reply: tired });
    await replies(discord, call.id);
    expect(await textOf(call.id)).toBe(
      'what would you say?\n(This answers a message by Bob that cannot be seen here.)',
    );
    await said({ id: call.id }, /Ask a character about this/);
  });
});

describe('the bot’s own role (issue 14, A.4)', () => {
  it('calls it as its name does', async () => {
    await begin({ content: true });
    const call = discord.say(ada, channel, `<@&${ownRole()}> hello there`);
    await replies(discord, call.id);
    expect(await textOf(call.id)).toBe('hello there');
  });

  it('without Message Content says what Discord withholds', async () => {
    await begin({ content: false });
    const call = discord.say(ada, channel, `<@&${ownRole()}> hello there`);
    expect((await said(channel, withheld)).replyTo).toBe(call.id);
  });

  it('is no other role', async () => {
    await begin({ content: true });
    const other = discord.grant(ada, guild, 0n);
    discord.say(ada, channel, `<@&${other}> hello there`);
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, call.id);
    expect(bot.model.requests).toHaveLength(1);
  });
});

describe('a mention that an edit adds (issue 14, A.6)', () => {
  it('is answered once', async () => {
    await begin({ content: false });
    const call = discord.say(ada, channel, 'I forgot your name');
    discord.edit(ada, call, `<@${discord.botId}> I forgot your name`);
    await replies(discord, call.id);
    discord.edit(ada, call, `<@${discord.botId}> I forgot your name!`);
    const other = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, other.id);
    expect(bot.model.requests).toHaveLength(2);
    expect(ours(discord, call.id)).toHaveLength(1);
  });
});
