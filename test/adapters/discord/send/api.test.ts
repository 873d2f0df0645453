import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../../adapters/discord/api.js';
import { asReply } from '../../../../adapters/discord/send/reply-reference.js';
import { systemClock } from '../../../../src/clock.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';

const perSecond = 20;

describe("Discord's limit of all requests", () => {
  let discord: Discord;
  beforeEach(async () => {
    const limit = { limit: perSecond, windowMs: 1_000 };
    discord = await startDiscord({ rateLimits: { global: limit, address: limit } });
  });
  afterEach(() => discord.close());

  it('is never reached, and webhooks do not wait for what the bot does', async () => {
    const { api, botPace, webhookPace } = createApi({
      token: discord.token,
      apiUrl: discord.apiUrl,
      requestsPerSecond: { bot: perSecond, webhooks: perSecond },
      onCreated: () => undefined,
      clock: systemClock,
      logger: silentLogger,
    });
    const guild = discord.addGuild();
    const { id, token = '' } = await api.channels.createWebhook(discord.addChannel(guild).id, {
      name: 'a face',
    });
    const channels = Array.from({ length: 2 * perSecond }, () => discord.dm(discord.addUser()).id);
    let isBusy = true;
    const typing = Promise.all(channels.map((channel) => api.channels.showTyping(channel))).then(() => {
      isBusy = false;
    });
    await api.webhooks.execute(id, token, { content: 'Hello', wait: true });
    expect(isBusy).toBe(true);
    expect(botPace.grant('somebody')).toBe(false);
    expect(webhookPace.grant('somebody')).toBe(true);
    await typing;
    expect(discord.requests.map(({ status }) => status)).not.toContain(429);
    expect(discord.requests.filter(({ path }) => path.endsWith('/typing'))).toHaveLength(2 * perSecond);
  });
});

describe('a refused token (issue 14, A.1)', () => {
  it('once is not for ever: the next request carries it again, and the operator is told', async () => {
    const discord = await startDiscord({ rateLimits: false });
    const said: string[] = [];
    const logger = { ...silentLogger, warn: (_fields: object, message: string) => void said.push(message) };
    const { api } = createApi({
      token: discord.token,
      apiUrl: discord.apiUrl,
      requestsPerSecond: { bot: perSecond, webhooks: perSecond },
      onCreated: () => undefined,
      clock: systemClock,
      logger,
    });
    const channel = discord.dm(discord.addUser()).id;
    discord.faults.refuse({ path: '/messages' }, { status: 401, message: '401: Unauthorized' });
    await expect(api.channels.createMessage(channel, { content: 'hello' })).rejects.toMatchObject({
      status: 401,
    });
    await expect(api.channels.createMessage(channel, { content: 'hello' })).resolves.toMatchObject({
      content: 'hello',
    });
    await expect.poll(() => said.join()).toContain('still knows it');
    await discord.close();
  });
});

describe('a reply without Read Message History (issue 14, A.5)', () => {
  it('is said without the reference', async () => {
    const discord = await startDiscord({ rateLimits: false });
    const { api } = createApi({
      token: discord.token,
      apiUrl: discord.apiUrl,
      requestsPerSecond: { bot: perSecond, webhooks: perSecond },
      onCreated: () => undefined,
      clock: systemClock,
      logger: silentLogger,
    });
    const ada = discord.addUser();
    const channel = discord.addChannel(discord.addGuild({ members: [ada] }));
    const { id } = discord.say(ada, channel, 'hello');
    discord.setOverwrite(channel, { deny: PermissionFlagsBits.ReadMessageHistory });
    const post = (referring: object): Promise<{ readonly id: string }> =>
      api.channels.createMessage(channel.id, { content: 'hi', ...referring });
    await expect(post({ message_reference: { message_id: id } })).rejects.toMatchObject({ code: 160_002 });
    await expect(asReply(id, post)).resolves.toMatchObject({ content: 'hi' });
    await discord.close();
  });
});
