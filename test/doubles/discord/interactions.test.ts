import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  Events,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, type Guild, startDiscord, type User } from './index.js';
import { login } from './logging-in.js';

describe('interactions of the classic Client', () => {
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

  const nextInteraction = (): Promise<Interaction> =>
    new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
  const register = (): Promise<unknown> =>
    client.application.commands.set([
      {
        name: 'chat',
        description: 'Talk to a character',
        options: [
          {
            type: ApplicationCommandOptionType.String,
            name: 'message',
            description: 'What you want to say',
            required: true,
          },
          {
            type: ApplicationCommandOptionType.String,
            name: 'character',
            description: 'Whom you want to talk to',
            autocomplete: true,
          },
        ],
      },
      {
        name: 'memory',
        description: 'What is remembered',
        options: [
          {
            type: ApplicationCommandOptionType.Subcommand,
            name: 'add',
            description: 'Add something',
            options: [
              {
                type: ApplicationCommandOptionType.String,
                name: 'text',
                description: 'What',
                required: true,
              },
            ],
          },
        ],
      },
      { type: ApplicationCommandType.Message, name: 'Ask a character about this' },
    ]);

  it('defers, edits and follows up a slash command', async () => {
    await register();
    const came = nextInteraction();
    const sent = discord.slash(ada, general, 'chat', { message: 'hello' });
    const interaction = await came;
    if (!interaction.isChatInputCommand()) throw new Error('not a command');
    expect(interaction.options.getString('message')).toBe('hello');
    expect(interaction.channelId).toBe(general.id);
    await interaction.deferReply();
    expect(discord.whatUsersSee(general)).toMatchObject([{ thinking: true, text: '' }]);
    await interaction.editReply('Hello Ada');
    await interaction.followUp({ content: 'only for you', flags: MessageFlags.Ephemeral });
    expect(await discord.answered(sent)).toMatchObject({
      text: 'Hello Ada',
      thinking: false,
      editedAt: null,
    });
    expect(discord.whatUsersSee(general, { viewer: 'somebody else' }).map((one) => one.text)).toEqual([
      'Hello Ada',
    ]);
    expect(discord.whatUsersSee(general, { viewer: ada.id }).map((one) => one.text)).toEqual([
      'Hello Ada',
      'only for you',
    ]);
    await expect(interaction.reply('again')).rejects.toThrow();
  });

  it('keeps sub-commands apart', async () => {
    await register();
    const came = nextInteraction();
    discord.slash(ada, general, 'memory add', { text: 'likes tea' });
    const interaction = await came;
    if (!interaction.isChatInputCommand()) throw new Error('not a command');
    expect(interaction.options.getSubcommand()).toBe('add');
    expect(interaction.options.getString('text')).toBe('likes tea');
    expect(() => discord.slash(ada, general, 'memory', {})).toThrow('needs a sub-command');
    expect(() => discord.slash(ada, general, 'chat', {})).toThrow('"message" is required');
    expect(() => discord.slash(ada, general, 'nothing')).toThrow('no command "nothing"');
    await interaction.reply({ content: 'kept', flags: MessageFlags.Ephemeral });
  });

  it('completes an option', async () => {
    await register();
    client.once(Events.InteractionCreate, (interaction) => {
      if (interaction.isAutocomplete())
        void interaction.respond([{ name: `for ${interaction.options.getFocused()}`, value: 'luna' }]);
    });
    const choices = await discord.autocomplete(ada, general, 'chat', {
      focused: 'character',
      options: { character: 'lu' },
    });
    expect(choices).toEqual([{ name: 'for lu', value: 'luna' }]);
  });

  it('answers buttons with an update, and refuses buttons that are not there', async () => {
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error('cannot send');
    const button = new ButtonBuilder().setCustomId('stop:1').setLabel('Stop').setStyle(ButtonStyle.Danger);
    const message = await channel.send({
      content: 'writing',
      components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)],
    });
    const came = nextInteraction();
    const pressed = discord.press(ada, message, 'Stop');
    const interaction = await came;
    if (!interaction.isButton()) throw new Error('not a button');
    expect(interaction.customId).toBe('stop:1');
    await interaction.update({ content: 'stopped', components: [] });
    expect(discord.whatUsersSee(general)).toMatchObject([{ text: 'stopped', buttons: [], edits: 1 }]);
    expect(discord.interaction(pressed).original?.id).toBe(message.id);
    expect(() => discord.press(ada, message, 'Stop')).toThrow('no button');
  });

  it('opens a modal and reads what was filled in', async () => {
    await register();
    const came = nextInteraction();
    const opened = discord.slash(ada, general, 'chat', { message: 'match me' });
    const interaction = await came;
    if (!interaction.isChatInputCommand()) throw new Error('not a command');
    const input = new TextInputBuilder()
      .setCustomId('facts')
      .setStyle(TextInputStyle.Paragraph)
      .setMaxLength(300);
    await interaction.showModal(
      new ModalBuilder()
        .setCustomId('persona')
        .setTitle('About you')
        .addLabelComponents(new LabelBuilder().setLabel('Facts').setTextInputComponent(input)),
    );
    expect((await discord.modal(opened)).title).toBe('About you');
    const submitted = nextInteraction();
    expect(() => discord.submitModal(opened, {})).toThrow('"facts" is required');
    const second = discord.submitModal(opened, { facts: 'I sail' });
    const modal = await submitted;
    if (!modal.isModalSubmit()) throw new Error('not a modal');
    expect(modal.fields.getTextInputValue('facts')).toBe('I sail');
    await modal.reply({ content: 'noted', flags: MessageFlags.Ephemeral });
    expect((await discord.answered(second)).ephemeralFor).toBe(ada.id);
  });

  it('gives a message command its target with all it says', async () => {
    await register();
    const said = discord.say(ada, general, 'a private thought');
    const came = nextInteraction();
    discord.messageCommand(ada, said, 'Ask a character about this');
    const interaction = await came;
    if (!interaction.isMessageContextMenuCommand()) throw new Error('not a message command');
    expect(interaction.targetMessage.content).toBe('a private thought');
    await interaction.reply('well');
  });

  it('has no time after 3 s, and no token after 15 min', async () => {
    await register();
    let came = nextInteraction();
    discord.slash(ada, general, 'chat', { message: 'late' });
    let interaction = await came;
    if (!interaction.isChatInputCommand()) throw new Error('not a command');
    discord.advance(3_001);
    await expect(interaction.deferReply()).rejects.toMatchObject({ code: 10_062, status: 404 });
    came = nextInteraction();
    discord.slash(ada, general, 'chat', { message: 'long' });
    interaction = await came;
    if (!interaction.isChatInputCommand()) throw new Error('not a command');
    await interaction.deferReply();
    discord.advance(900_000);
    await expect(interaction.editReply('too late')).rejects.toMatchObject({ code: 50_027, status: 401 });
  });

  it('answers an interaction once', async () => {
    await register();
    const came = nextInteraction();
    const sent = discord.slash(ada, general, 'chat', { message: 'twice' });
    const interaction = await came;
    if (!interaction.isChatInputCommand()) throw new Error('not a command');
    const reply = await interaction.reply({ content: 'once', withResponse: true });
    expect(reply.resource?.message?.content).toBe('once');
    const again = client.rest.post(`/interactions/${sent.id}/${sent.token}/callback`, {
      auth: false,
      body: { type: 4, data: { content: 'twice' } },
    });
    await expect(again).rejects.toMatchObject({ code: 40_060, status: 400 });
  });
});
