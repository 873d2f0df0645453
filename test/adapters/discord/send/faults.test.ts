import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionId } from '../../../../src/ids.js';
import { type Discord, DoubleClock, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { type Bot, startBot } from '../bot.js';
import { isDone, ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let clock: DoubleClock;
let ada: User;
let guild: Guild;
let channel: Channel;

beforeEach(async () => {
  clock = new DoubleClock();
  discord = await startDiscord({ clock, rateLimits: false });
  ada = discord.addUser({ username: 'ada', globalName: 'Ada' });
  guild = discord.addGuild({ members: [ada] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, clock, config: { editIntervalMs: 30 } });
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

const story = Array.from({ length: 120 }, (_, n) => `This is sentence number ${n} of a long story. `);

/** Where a reply is written: a direct message (the bot, with nonce) or a thread (a webhook, without). */
const places = [
  ['a direct message', () => discord.dm(ada).id, () => discord.say(ada, discord.dm(ada), 'hello')],
  [
    'a thread',
    (asked: { readonly id: string }) => asked.id,
    () => discord.say(ada, channel, 'hello', { mention: true }),
  ],
] as const;
const creation = { method: 'POST', path: /\/(channels\/\d+\/messages|webhooks\/\d+\/[\w-]{20,})(\?|$)/ };
const change = { method: 'PATCH', path: /\/messages\/\d+/ };

describe.each(places)('in %s', (_name, where, ask) => {
  const finished = async (): Promise<readonly { readonly text: string }[]> => {
    const asked = ask();
    const place = where(asked);
    const all = await replies(discord, place);
    await bot.sessions.settled(
      sessionId(place === asked.id ? `discord:thread:${place}` : `discord:dm:${place}`),
    );
    expect(ours(discord, place)).toHaveLength(all.length);
    return ours(discord, place);
  };

  it('a lost answer to a post doubles nothing', async () => {
    discord.faults.dropResponse(creation);
    const [reply, ...others] = await finished();
    expect(reply?.text).toContain('I hear you. Tell me more.');
    expect(others).toEqual([]);
  });

  it('lost answers to posts and edits of a long reply lose and double nothing', async () => {
    bot.model.next(says(...story));
    for (let n = 0; n < 2; n += 1) {
      discord.faults.dropResponse(creation);
      discord.faults.dropResponse(change);
    }
    const all = await finished();
    const text = all.map((one) => one.text).join(' ');
    for (let n = 0; n < story.length; n += 1) expect(text.split(`number ${n} of`)).toHaveLength(2);
  });

  it('a request that never arrived is made again', async () => {
    discord.faults.dropRequest(creation, 2);
    discord.faults.dropRequest(change, 2);
    expect(await finished()).toHaveLength(1);
  });

  it('Discord’s own failures (5xx) are sat out', async () => {
    discord.faults.refuse(creation, { status: 502 }, 2);
    discord.faults.refuse(change, { status: 503 }, 1);
    expect(await finished()).toHaveLength(1);
  });

  it.each(['user', 'shared', 'global'] as const)(
    'a rate limit (%s) is kept and nothing is lost',
    async (scope) => {
      discord.faults.rateLimit(creation, { retryAfterMs: 120, scope });
      discord.faults.rateLimit(change, { retryAfterMs: 120, scope });
      const [reply] = await finished();
      expect(reply?.text).toContain('I hear you. Tell me more.');
    },
  );

  it('a long rate limit is waited for by the core, not in the SDK’s queue; one of a webhook is not: the bot writes itself (issue 14, A.7)', async () => {
    discord.faults.rateLimit(creation, { retryAfterMs: 3_200 });
    await finished();
    const posts = discord.requests.filter(
      ({ method, path }) => method === 'POST' && creation.path.test(path),
    );
    const waited = (posts[1]?.at ?? 0) - (posts[0]?.at ?? 0);
    expect(posts[1]?.path).toContain('/channels/');
    if (posts[0]?.path.includes('/webhooks/')) expect(waited).toBeLessThan(3_200);
    else expect(waited).toBeGreaterThanOrEqual(3_200);
  });

  it('a message that is deleted in mid-stream is followed by a fresh one with the rest', async () => {
    const more = gate();
    bot.model.next(waits('One two three four five. ', more.opened, 'Six seven eight.'));
    const asked = ask();
    const place = where(asked);
    const first = await discord.until(() => ours(discord, place).find(({ text }) => text.includes('five.')));
    discord.delete(first.id);
    more.open();
    await discord.until(() => ours(discord, place).some(isDone));
    const [rest, ...others] = ours(discord, place);
    expect(others).toEqual([]);
    expect(rest?.text).toContain('Six seven eight.');
    expect(rest?.text).not.toContain('One two');
  });

  it('an edit that Discord refuses for good (30046) is followed by a fresh message', async () => {
    const more = gate();
    bot.model.next(waits('One two three four five. ', more.opened, 'Six seven eight.'));
    const asked = ask();
    const place = where(asked);
    await discord.until(() => ours(discord, place).find(({ text }) => text.includes('five.')));
    discord.faults.refuse(change, { status: 400, code: 30046 });
    more.open();
    await discord.until(() => ours(discord, place).some(isDone));
    const all = ours(discord, place);
    expect(all).toHaveLength(2);
    expect(all.map(({ text }) => text).join(' ')).toMatch(/five\.[\s\S]*Six seven eight\.$/);
  });
});

describe('webhooks', () => {
  it('that are deleted in mid-stream leave what they said, and a new one goes on', async () => {
    const more = gate();
    bot.model.next(waits('One two three four five. ', more.opened, 'Six seven eight.'));
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(() => ours(discord, asked.id).find(({ text }) => text.includes('five.')));
    discord.world.webhooks.clear();
    more.open();
    await discord.until(() => ours(discord, asked.id).some(isDone));
    const all = ours(discord, asked.id);
    expect(all.map(({ author }) => author.kind)).toEqual(['webhook', 'webhook']);
    expect(all.at(-1)?.text).toContain('Six seven eight.');
    expect(all.at(-1)?.text).not.toContain('One two');
  });

  it('of others do not get in the way where a channel is full of them', async () => {
    discord.faults.refuse(
      { method: 'POST', path: /\/channels\/\d+\/webhooks/ },
      { status: 400, code: 30007 },
    );
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    const [reply] = await replies(discord, asked.id);
    expect(reply?.author.kind).toBe('bot');
    expect(reply?.text).toMatch(/^\*\*/);
  });
});

describe('permissions and places', () => {
  it('that are taken away in mid-stream end the reply quietly; the conversation goes on elsewhere', async () => {
    const more = gate();
    bot.model.next(waits('One two three four five. ', more.opened, 'Six.'));
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(() => ours(discord, asked.id)[0]);
    discord.setOverwrite(channel, {
      deny: PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessagesInThreads,
    });
    discord.faults.refuse({ method: 'PATCH', path: /\/webhooks\// }, { status: 403, code: 50013 }, 9);
    discord.faults.refuse({ method: 'POST', path: /\/webhooks\// }, { status: 403, code: 50013 }, 9);
    more.open();
    await bot.sessions.settled(sessionId(`discord:thread:${asked.id}`));
    expect(await bot.store.recoverable()).toEqual([]);
    discord.say(ada, discord.dm(ada), 'hello');
    await discord.until(() => ours(discord, discord.dm(ada)).some(isDone));
  });

  it('a person who leaves and takes no messages any more leaves nothing spinning', async () => {
    const more = gate();
    bot.model.next(waits('One two three four five. ', more.opened, 'Six.'));
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'hello');
    await discord.until(() => ours(discord, dm)[0]);
    discord.leave(ada, guild);
    discord.refuseDms(ada);
    discord.faults.refuse({ method: 'PATCH', path: /\/messages\// }, { status: 404, code: 10008 });
    more.open();
    await bot.sessions.settled(sessionId(`discord:dm:${dm.id}`));
    expect(await bot.store.recoverable()).toEqual([]);
  });

  it('a thread that could not be opened at once is opened with the reply', async () => {
    discord.faults.refuse({ method: 'POST', path: /\/threads/ }, { status: 503 });
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    const [reply] = await replies(discord, asked.id);
    expect(reply?.text).toContain('I hear you.');
  });

  it('a mention that is deleted at once is not answered', async () => {
    const held = discord.faults.hold({ method: 'POST', path: /\/threads/ });
    const asked = discord.say(ada, channel, 'hello', { mention: true });
    await held.reached;
    discord.delete(asked);
    held.release();
    discord.say(ada, channel, 'hello again', { mention: true });
    await bot.model.asked(1);
    expect(bot.model.prompt).toContain('hello again');
    expect(ours(discord, channel)).toEqual([]);
  });
});

describe('the answer to a command', () => {
  it('moves to a normal message once the interaction is over', async () => {
    const more = gate();
    bot.model.next(waits('One two three four five. ', more.opened, 'Six seven eight.'));
    const dm = discord.dm(ada);
    discord.slash(ada, dm, 'chat', { message: 'hello' });
    await discord.until(() => ours(discord, dm).find(({ text }) => text.includes('five.')));
    clock.advance(15 * 60_000);
    more.open();
    await discord.until(() => ours(discord, dm).some(isDone));
    const all = ours(discord, dm).map(({ text }) => text);
    expect(all.join('\n')).toMatch(/One two three four five\.[\s\S]*Six seven eight\.$/);
  });

  it('that is long goes on in follow-ups', async () => {
    bot.model.next(says(...story));
    const dm = discord.dm(ada);
    discord.slash(ada, dm, 'chat', { message: 'tell me a story' });
    const all = await replies(discord, dm);
    expect(all.length).toBeGreaterThan(2);
    const text = all.map((one) => one.text).join(' ');
    for (let n = 0; n < story.length; n += 1) expect(text.split(`number ${n} of`)).toHaveLength(2);
  });
});
