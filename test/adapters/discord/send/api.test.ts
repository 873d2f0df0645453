import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../../adapters/discord/api.js';
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
