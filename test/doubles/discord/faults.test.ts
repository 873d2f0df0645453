import { REST } from '@discordjs/rest';
import type { APIMessage } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, type DiscordOptions, startDiscord } from './index.js';
import { restOf } from './logging-in.js';

describe('limits and faults', () => {
  let discord: Discord;
  let general: Channel;

  async function start(options: DiscordOptions = {}): Promise<void> {
    discord = await startDiscord(options);
    general = discord.addChannel(discord.addGuild());
  }
  afterEach(() => discord.close());

  const path = (): `/${string}` => `/channels/${general.id}/messages`;
  const texts = (): string[] => discord.whatUsersSee(general).map((one) => one.text);

  it('limits posts of one channel, and the REST client waits', async () => {
    await start({ rateLimits: { messageCreate: { limit: 2, windowMs: 300 } } });
    const rest = restOf(discord);
    await Promise.all(['a', 'b', 'c'].map((content) => rest.post(path(), { body: { content } })));
    expect(texts()).toEqual(['a', 'b', 'c']);
    const posts = discord.requests.filter((one) => one.method === 'POST');
    expect(posts).toHaveLength(3);
    expect((posts[2]?.at ?? 0) - (posts[0]?.at ?? 0)).toBeGreaterThanOrEqual(300);
  });

  it('refuses with 429 whoever does not wait, in the words of the scope', async () => {
    await start({ rateLimits: { messageCreate: { limit: 1, windowMs: 60_000 } } });
    const post = (): Promise<Response> =>
      fetch(`${discord.apiUrl}/v10${path()}`, {
        method: 'POST',
        headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
        body: '{"content":"hi"}',
      });
    const first = await post();
    expect(first.headers.get('x-ratelimit-remaining')).toBe('0');
    const second = await post();
    expect(second.status).toBe(429);
    expect(second.headers.get('x-ratelimit-scope')).toBe('user');
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await second.json()).toMatchObject({ message: 'You are being rate limited.', global: false });
    discord.advance(60_000);
    expect((await post()).status).toBe(200);
    expect(discord.rest.invalidRequests).toBe(1);
  });

  it('retries after a 429 that was ordered, and after 5xx', async () => {
    await start({ rateLimits: false });
    const rest = new REST({ api: discord.apiUrl, version: '10', retries: 1 }).setToken(discord.token);
    discord.faults.rateLimit({ method: 'POST' }, { retryAfterMs: 20 });
    await rest.post(path(), { body: { content: 'one' } });
    discord.faults.rateLimit({ method: 'POST' }, { retryAfterMs: 20, scope: 'shared' });
    await rest.post(path(), { body: { content: 'two' } });
    discord.faults.refuse({ method: 'POST' }, { status: 502 });
    await rest.post(path(), { body: { content: 'three' } });
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(discord.requests.map((one) => one.status)).toEqual([429, 200, 429, 200, 502, 200]);
  });

  it('loses an answer after the write took place, and the nonce makes a repeat harmless', async () => {
    await start({ rateLimits: false });
    const rest = restOf(discord);
    discord.faults.dropResponse({ path: '/messages', bodyIncludes: 'precious' });
    const body = { content: 'precious', nonce: '1', enforce_nonce: true };
    await expect(rest.post(path(), { body })).rejects.toThrow();
    expect(texts()).toEqual(['precious']);
    const again = (await rest.post(path(), { body })) as APIMessage;
    expect(texts()).toEqual(['precious']);
    expect(again.id).toBe(discord.whatUsersSee(general)[0]?.id);
  });

  it('breaks, delays and holds requests', async () => {
    await start({ rateLimits: false });
    const rest = restOf(discord);
    discord.faults.dropRequest({ method: 'POST' });
    await expect(rest.post(path(), { body: { content: 'never' } })).rejects.toThrow();
    expect(texts()).toEqual([]);
    const gate = discord.faults.hold({ method: 'POST' });
    const sending = rest.post(path(), { body: { content: 'held' } });
    await gate.reached;
    expect(texts()).toEqual([]);
    gate.release();
    await sending;
    discord.faults.delay({ method: 'POST' }, 30);
    const before = performance.now();
    await rest.post(path(), { body: { content: 'late' } });
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
    expect(texts()).toEqual(['held', 'late']);
  });

  it('caps edits of old messages', async () => {
    await start({ rateLimits: { oldEdit: { limit: 1, windowMs: 3_600_000 } } });
    const rest = restOf(discord);
    const message = (await rest.post(path(), { body: { content: 'old' } })) as APIMessage;
    discord.advance(3_700_000);
    await rest.patch(`/channels/${general.id}/messages/${message.id}`, { body: { content: 'one' } });
    const answer = await fetch(`${discord.apiUrl}/v10/channels/${general.id}/messages/${message.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
      body: '{"content":"two"}',
    });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ code: 30_046 });
  });
});
