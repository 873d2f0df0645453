import {
  type APIMessage,
  type APIWebhook,
  type Client,
  PermissionFlagsBits,
  WebhookClient,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, type Guild, startDiscord, type User } from './index.js';
import { login, restOf } from './logging-in.js';

describe('webhooks of the classic Client', () => {
  let discord: Discord;
  let client: Client<true>;
  let ada: User;
  let guild: Guild;
  let general: Channel;

  beforeEach(async () => {
    discord = await startDiscord({ rateLimits: false });
    ada = discord.addUser({ username: 'ada' });
    guild = discord.addGuild({ members: [ada] });
    general = discord.addChannel(guild);
    client = await login(discord);
  });
  afterEach(async () => {
    await client.destroy();
    await discord.close();
  });

  it('lends a character its name and face, in the channel and in a thread', async () => {
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isThread() && channel?.isTextBased() && 'createWebhook' in channel) {
      const webhook = await channel.createWebhook({ name: 'Rapport' });
      const face = { username: 'Luna', avatarURL: 'https://faces.example/luna.png' };
      const message = await webhook.send({ content: 'Hello, I am Luna', ...face });
      await webhook.editMessage(message, 'Hello, I am Luna.');
      const thread = discord.openThread(ada, general, 'Ada');
      const inside = await webhook.send({ content: 'In here', threadId: thread.id, ...face });
      await webhook.editMessage(inside, { content: 'In here!', threadId: thread.id });
      await expect(webhook.editMessage(inside, 'no thread named')).rejects.toMatchObject({ code: 10_008 });
      expect(discord.whatUsersSee(general)).toMatchObject([
        {
          text: 'Hello, I am Luna.',
          edits: 1,
          author: { name: 'Luna', kind: 'webhook', avatar: 'https://faces.example/luna.png' },
        },
      ]);
      expect(discord.whatUsersSee(thread).map((one) => one.text)).toEqual(['In here!']);
      await webhook.deleteMessage(message);
      expect(discord.whatUsersSee(general)).toEqual([]);
      expect(discord.whatUsersSee(general, { deleted: true })).toMatchObject([{ deleted: true }]);
    } else throw new Error('not a text channel');
  });

  it('needs the permission, and keeps its rules', async () => {
    const rest = restOf(discord);
    const create = (name: string): Promise<APIWebhook> =>
      rest.post(`/channels/${general.id}/webhooks`, { body: { name } }) as Promise<APIWebhook>;
    await expect(create('Discord helper')).rejects.toMatchObject({ code: 50_035 });
    const webhook = await create('Rapport');
    const path: `/${string}` = `/webhooks/${webhook.id}/${webhook.token}`;
    await expect(
      rest.post(path, { auth: false, body: { content: 'x', username: 'Clyde' } }),
    ).rejects.toMatchObject({
      code: 50_035,
    });
    await expect(
      rest.post(`/webhooks/${webhook.id}/wrong`, { auth: false, body: { content: 'x' } }),
    ).rejects.toMatchObject({ code: 50_027, status: 401 });
    const twice = { auth: false, body: { content: 'x', nonce: 'n', enforce_nonce: true } };
    const query = new URLSearchParams({ wait: 'true' });
    const one = (await rest.post(path, { ...twice, query })) as APIMessage;
    const two = (await rest.post(path, { ...twice, query })) as APIMessage;
    expect(one.id).not.toBe(two.id);
    for (let n = 1; n < 15; n += 1) await create('Rapport');
    await expect(create('Rapport')).rejects.toMatchObject({ code: 30_007 });
    await rest.delete(`/webhooks/${webhook.id}`);
    await expect(rest.post(path, { auth: false, body: { content: 'x' } })).rejects.toMatchObject({
      code: 10_015,
    });
    discord.setOverwrite(general, { deny: PermissionFlagsBits.ManageWebhooks });
    await expect(create('Rapport')).rejects.toMatchObject({ code: 50_013 });
  });

  it('works without a gateway connection', async () => {
    const rest = restOf(discord);
    const made = (await rest.post(`/channels/${general.id}/webhooks`, { body: { name: 'R' } })) as APIWebhook;
    const webhook = new WebhookClient(
      { id: made.id, token: made.token ?? '' },
      { rest: { api: discord.apiUrl } },
    );
    const message = await webhook.send({ content: 'hi', username: 'Luna' });
    expect(message.author).toMatchObject({ username: 'Luna', bot: true });
    webhook.destroy();
  });
});
