import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { quoteFor } from '../../../../src/commands/quote.js';
import { converse } from '../admission.js';
import { everywhere } from '../command-words.js';
import type { MessageCommand, SlashCommand } from '../context.js';
import { notice, plain } from '../message-body.js';
import { characterNamed, characterOption, completeCharacter } from './character.js';

/** The longest message behind a command, UTF-16 units. */
const messageUnits = 4_000;

/** `/chat`: a message to a character. */
export const chat: SlashCommand = {
  name: 'chat',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('chat'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry('chat.message'),
        required: true,
        max_length: messageUnits,
      },
      characterOption(words, 'chat.character', false),
      { type: ApplicationCommandOptionType.Boolean, ...words.entry('chat.private'), required: false },
      { type: ApplicationCommandOptionType.Attachment, ...words.entry('chat.file'), required: false },
    ],
  }),
  run: async (context, options) => {
    const typed = options.text('character');
    const file = context.interaction.data.resolved?.attachments?.[options.text('file') ?? ''];
    await converse(context, {
      text: options.text('message') ?? '',
      privately: options.flag('private') ?? false,
      files: file ? [file] : [],
      characterId: typed === undefined ? undefined : characterNamed(context.services, typed).id,
    });
  },
  complete: ({ services }, { focused }) =>
    focused?.name === 'character' ? completeCharacter(services, focused) : [],
};

/** The menu entry of a message: "Ask a character about this". */
export const askAbout: MessageCommand = {
  name: 'ask-about',
  define: (words) => ({
    type: ApplicationCommandType.Message,
    ...words.label('ask-about.label'),
    ...everywhere,
  }),
  run: async (context) => {
    const { interaction, say, answer, place } = context;
    const { target_id, resolved } = interaction.data;
    const target = resolved.messages[target_id];
    const author = target?.author.global_name ?? target?.author.username ?? '';
    const words = [
      target?.content,
      // A forwarded message holds its text in a snapshot.
      ...(target?.message_snapshots ?? []).map(({ message }) => message.content),
      ...(target?.embeds ?? []).map(({ description }) => description),
    ];
    const text = quoteFor({ text: words.filter(Boolean).join('\n'), author }, say);
    if (text === null) return answer.tell(notice(say('discord.nothingToAskAbout')));
    const link = `https://discord.com/channels/${interaction.guild_id ?? '@me'}/${place.channel}/${target_id}`;
    await converse(context, {
      text,
      privately: false,
      opener: say('discord.opener.about', { person: plain(place.name), author: plain(author), link }),
      threadName: say('discord.threadAbout', { author }),
    });
  },
};
