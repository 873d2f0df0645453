import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { says } from '../../../session/scripted-model.js';
import { type Bot, startBot } from '../bot.js';
import { ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let guild: Guild;
let channel: Channel;

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  ada = discord.addUser({ username: 'ada' });
  guild = discord.addGuild({ members: [ada] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, config: { editIntervalMs: 30 } });
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

const invalidBody = { status: 400, code: 50_035, message: 'Invalid Form Body' };

describe('what Discord refuses', () => {
  it('a name or face of a character: the reply comes under the bot’s own name', async () => {
    discord.faults.refuse({ method: 'POST', bodyIncludes: '"username"' }, invalidBody, 5);
    bot.model.next(says('Good to meet you.'));
    const call = discord.say(ada, channel, 'hello', { mention: true });
    const [reply] = await replies(discord, call.id);
    expect(reply?.author.kind).toBe('bot');
    expect(reply?.text).toMatch(/^\*\*.+\*\*\n[\s\S]*Good to meet you.$/);
  });

  it('words as the name of a thread: the thread gets a plain name', async () => {
    discord.faults.refuse(
      { method: 'POST', path: /\/threads$/, bodyIncludes: 'forbidden words' },
      invalidBody,
    );
    const call = discord.say(ada, channel, 'forbidden words', { mention: true });
    const [reply] = await replies(discord, call.id);
    expect(reply?.text).toContain('I hear you');
    expect(discord.world.channels.get(call.id)?.name).toBe('A conversation');
  });
});

describe('what is said', () => {
  it('pings nobody, whoever says it and wherever', async () => {
    bot.model.next(says(`@everyone @here <@${ada.id}> <@&${guild.id}> ping`));
    const call = discord.say(ada, channel, 'hello @everyone', { mention: true });
    await replies(discord, call.id);
    await discord.until(() =>
      discord.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/commands')),
    );
    discord.slash(ada, channel, 'chat', { message: `@everyone <@&${guild.id}>` });
    const sent = await discord.until(() => {
      const found = discord.requests.filter(
        ({ method, body }) => method !== 'GET' && JSON.stringify(body ?? null).includes('@everyone'),
      );
      return found.some(({ body }) => JSON.stringify(body).includes('<@&')) && found;
    });
    for (const { body } of sent)
      if (JSON.stringify(body).includes('"content"'))
        expect(JSON.stringify(body)).toContain('"allowed_mentions":{"parse":[]}');
  });

  it('in many short lines is quoted within what a message holds', async () => {
    await discord.until(() =>
      discord.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/commands')),
    );
    const said = discord.slash(ada, channel, 'chat', { message: 'a\n'.repeat(900) });
    const opener = await discord.answered(said);
    expect(opener.text.length).toBeLessThanOrEqual(2_000);
    await replies(discord, opener.id);
  });
});

it('a webhook that goes together with the right to make another leaves the rest to the bot', async () => {
  let more = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    more = resolve;
  });
  bot.model.next(async function* () {
    yield 'The beginning of it, ';
    await opened;
    yield 'and the end of it.';
  });
  const call = discord.say(ada, channel, 'hello', { mention: true });
  const first = await discord.until(() =>
    ours(discord, call.id).find(({ text }) => text.includes('beginning')),
  );
  expect(first.author.kind).toBe('webhook');
  discord.setOverwrite(channel, { deny: PermissionFlagsBits.ManageWebhooks });
  for (const { id } of [...discord.world.webhooks.values()]) discord.world.webhooks.delete(id);
  more();
  const own = await replies(discord, call.id);
  expect(own.map(({ text }) => text).join(' ')).toContain('and the end of it.');
  expect(own.at(-1)?.author.kind).toBe('bot');
});
