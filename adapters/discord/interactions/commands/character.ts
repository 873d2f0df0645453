import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { characterBox } from '../character-view.js';
import { carriedWords } from '../component-id.js';
import type { SlashCommand } from '../context.js';
import { galleryPage } from '../gallery.js';
import { message } from '../message-body.js';
import { openWith } from '../open-with.js';
import { characterNamed, characterOption, completeCharacter } from './character-option.js';
import { everywhere } from './where.js';

/** `/character`: talk to somebody in particular, look at one, or at all of them. */
export const character: SlashCommand = {
  name: 'character',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('character'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('character.pick'),
        options: [characterOption(words, 'character.pick.character', true)],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('character.info'),
        options: [characterOption(words, 'character.info.character', true)],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('character.gallery'),
        options: [
          {
            type: ApplicationCommandOptionType.String,
            ...words.entry('character.gallery.search'),
            required: false,
            max_length: 100,
          },
        ],
      },
    ],
  }),
  run: async (context, options) => {
    const { answer, services } = context;
    await answer.defer('person');
    if (options.subcommand === 'gallery') {
      await answer.show(galleryPage(context, carriedWords(options.text('search') ?? ''), 0));
      return;
    }
    const chosen = characterNamed(services, options.text('character') ?? '');
    if (options.subcommand === 'pick') return openWith(context, { character: chosen, where: 'here' });
    await answer.show(message(characterBox(context, chosen, { greeting: true })));
  },
  complete: ({ services }, { focused }) =>
    focused?.name === 'character' ? completeCharacter(services, focused) : [],
};
