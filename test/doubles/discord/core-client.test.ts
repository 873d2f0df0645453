import { Client, GatewayDispatchEvents, MessageFlags } from '@discordjs/core';
import { REST } from '@discordjs/rest';
import { WebSocketManager } from '@discordjs/ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, startDiscord, type User } from './index.js';
import { plainIntents } from './logging-in.js';

describe('@discordjs/core', () => {
  let discord: Discord;
  let gateway: WebSocketManager;
  let client: Client;
  let ada: User;
  let general: Channel;

  beforeEach(async () => {
    discord = await startDiscord();
    ada = discord.addUser({ username: 'ada' });
    general = discord.addChannel(discord.addGuild({ members: [ada] }));
    const rest = new REST({ api: discord.apiUrl, version: '10' }).setToken(discord.token);
    const intents = plainIntents.reduce<number>((all, bit) => all | bit, 0);
    gateway = new WebSocketManager({ token: discord.token, intents, rest });
    client = new Client({ rest, gateway });
    await gateway.connect();
  });
  afterEach(async () => {
    await gateway.destroy();
    await discord.close();
  });

  it('hears a mention and answers, with a file, under the real limits', async () => {
    client.on(GatewayDispatchEvents.MessageCreate, async ({ data: message, api }) => {
      if (message.author.bot) return;
      await api.channels.showTyping(message.channel_id);
      const sent = await api.channels.createMessage(message.channel_id, {
        content: `You said: ${message.content}`,
        message_reference: { message_id: message.id },
        files: [{ name: 'notes.txt', data: 'notes' }],
      });
      await api.channels.editMessage(message.channel_id, sent.id, { content: 'done' });
    });
    discord.say(ada, general, 'hello', { mention: true });
    const [, reply] = await discord.until(() => {
      const seen = discord.whatUsersSee(general);
      return seen[1]?.edits === 1 && seen;
    });
    expect(reply).toMatchObject({ text: 'done', edits: 1, attachments: [{ name: 'notes.txt', size: 5 }] });
    expect(discord.world.typing).toMatchObject([{ channelId: general.id, userId: discord.botId }]);
  });

  it('defers, edits and follows up', async () => {
    await client.api.applicationCommands.bulkOverwriteGlobalCommands(discord.applicationId, [
      { name: 'why', description: 'Explain' },
    ]);
    client.on(GatewayDispatchEvents.InteractionCreate, async ({ data: interaction, api }) => {
      await api.interactions.defer(interaction.id, interaction.token, { flags: MessageFlags.Ephemeral });
      await api.interactions.editReply(interaction.application_id, interaction.token, { content: 'because' });
      await api.interactions.followUp(interaction.application_id, interaction.token, { content: 'and so' });
    });
    const sent = discord.slash(ada, general, 'why');
    const [followUp] = await discord.until(() => {
      const { followUps } = discord.interaction(sent);
      return followUps.length > 0 && followUps;
    });
    expect(discord.interaction(sent).original).toMatchObject({ text: 'because', ephemeralFor: ada.id });
    expect(followUp).toMatchObject({ text: 'and so', ephemeralFor: null });
  });

  it('opens a thread from a mention and talks in it under a borrowed name', async () => {
    const said = discord.say(ada, general, 'help', { mention: true });
    const thread = await client.api.channels.createThread(general.id, { name: 'Ada' }, said.id);
    expect(thread.id).toBe(said.id);
    await client.api.threads.addMember(thread.id, ada.id);
    const webhook = await client.api.channels.createWebhook(general.id, { name: 'Rapport' });
    const message = await client.api.webhooks.execute(webhook.id, webhook.token ?? '', {
      content: 'Hello',
      username: 'Luna',
      thread_id: thread.id,
      wait: true,
    });
    await client.api.webhooks.editMessage(webhook.id, webhook.token ?? '', message.id, {
      content: 'Hello Ada',
      thread_id: thread.id,
    });
    expect(discord.whatUsersSee(thread)).toMatchObject([{ text: 'Hello Ada', author: { name: 'Luna' } }]);
  });
});
