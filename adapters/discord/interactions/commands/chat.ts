import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import type { SlashCommand } from '../context.js';
import { converse } from '../converse.js';
import { characterNamed, characterOption, completeCharacter } from './character-option.js';
import { everywhere } from './where.js';

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
