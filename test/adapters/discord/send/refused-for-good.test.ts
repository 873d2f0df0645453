import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, describe, expect, it } from 'vitest';
import { type Discord, DoubleClock, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { type Bot, startBot } from '../bot.js';
import { ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let guild: Guild;
let channel: Channel;
const clock = new DoubleClock();

async function begin({ isLimited = false } = {}): Promise<void> {
  discord = await startDiscord({
    clock,
    privilegedIntents: ['content'],
    ...(!isLimited && { rateLimits: false }),
  });
  ada = discord.addUser({ username: 'ada', globalName: 'Ada' });
  guild = discord.addGuild({ members: [ada] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, config: { editIntervalMs: 30 } });
}
afterEach(async () => {
  await bot.stop();
  await discord.close();
});
const toldInPrivate = (words: RegExp) =>
  discord.until(() => ours(discord, discord.dm(ada)).find(({ text }) => words.test(text)));

describe('what Discord refuses for good reaches the person (issue 14, A.5)', () => {
  it('a thread that was locked meanwhile (160005)', async () => {
    await begin();
    const more = gate();
    bot.model.next(waits('', more.opened, 'I hear you.'));
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await bot.model.asked(1);
    discord.setThread(call.id, { locked: true });
    more.open();
    expect((await toldInPrivate(/thread is locked/)).text).toContain(`<#${channel.id}>`);
    expect(await bot.store.recoverable()).toEqual([]);
  });

  it.each([
    [200_000, /filter does not let it through/],
    [240_000, /filter does not let it through/],
    [50_024, /error 50024/],
  ])('a message that is blocked (%i)', async (code, words) => {
    await begin();
    const path = /\/(channels\/\d+\/messages|webhooks\/\d+\/[\w-]{20,})(\?|$)/;
    bot.model.next(waits('', gate().opened, ''));
    const dm = discord.dm(ada);
    bot.model.next(says('I hear you.'));
    discord.faults.refuse({ method: 'POST', path }, { status: 400, code, message: 'blocked' }, 4);
    discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(
      () => discord.requests.filter(({ method, path: at }) => method === 'POST' && path.test(at)).length >= 1,
    );
    discord.faults.clear();
    expect((await toldInPrivate(words)).channelId).toBe(dm.id);
  });
});

describe('a missing permission (issue 14, A.7)', () => {
  it('is the one that is named', async () => {
    await begin();
    discord.setOverwrite(channel, { deny: PermissionFlagsBits.CreatePublicThreads });
    discord.say(ada, channel, 'hello', { mention: true });
    const told = await discord.until(() =>
      ours(discord, channel).find(({ text }) => text.includes('may not open threads')),
    );
    expect(told.text).toContain('**Create Public Threads**');
    expect(told.text).not.toContain('Send Messages in Threads');
  });
});

describe('a channel in which webhooks have written much (issue 14, A.7)', () => {
  it('the bot itself says what they may not: more than 30 a minute', async () => {
    await begin({ isLimited: true });
    const calls = Array.from({ length: 34 }, (_, n) =>
      discord.say(ada, channel, `hello ${n}`, { mention: true }),
    );
    for (const call of calls) await replies(discord, call.id);
    const kinds = calls.flatMap(({ id }) => ours(discord, id).map(({ author }) => author.kind));
    expect(kinds.filter((kind) => kind === 'webhook').length).toBeLessThanOrEqual(30);
    expect(kinds.filter((kind) => kind === 'bot').length).toBeGreaterThan(0);
  }, 60_000);
});

describe('an answer to a command (issue 14, A.7)', () => {
  it('shows no previews of links', async () => {
    await begin();
    bot.model.next(says('See https://example.org for more.'));
    discord.slash(ada, channel, 'chat', { message: 'hello', private: true });
    const shown = await discord.until(() =>
      ours(discord, channel).find(({ text }) => text.includes('example.org')),
    );
    const record = discord.world.anyMessage(shown.id);
    expect((record?.flags ?? 0) & 4).toBe(4);
  });

  it('that is longer than Discord lets a visiting app say is told so in private', async () => {
    await begin();
    const away = discord.addGuild({ bot: false, members: [ada] });
    const place = discord.addChannel(away, { name: 'elsewhere' });
    discord.installForUser(ada);
    bot.model.next(
      says(...Array.from({ length: 400 }, (_, n) => `Sentence number ${n} of a long story, told slowly. `)),
    );
    discord.slash(ada, place, 'chat', { message: 'tell me' });
    expect((await toldInPrivate(/no more messages from me/)).text).toContain(
      'the end of my answer is missing',
    );
    expect(await bot.store.recoverable()).toEqual([]);
  });
});
