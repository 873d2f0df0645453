import {
  type APIApplicationCommandStringOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
} from 'discord-api-types/v10';
import type { Character } from '../../../../characters/schema.js';
import { RapportError } from '../../../../config/errors.js';
import { characterChoices, namedCharacter } from '../../../../src/commands/characters.js';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import { removeCharacter } from '../../../../src/commands/own-characters.js';
import type { Choice } from '../../../../src/commands/steer.js';
import { characterBox, galleryPage } from '../character-view.js';
import { type CommandWords, everywhere } from '../command-words.js';
import { carriedWords } from '../component-id.js';
import type { SlashCommand } from '../context.js';
import { message, notice, plain } from '../message-body.js';
import { openWith } from '../open-with.js';
import { bring, ownCharacters } from './own-characters.js';

/** `/character`: talk to somebody in particular, look at one, or at all of them. */
export const character: SlashCommand = {
  name: 'character',
  define: (words, { config }) => ({
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
      ...(config.characters.imports.discord === 'off' ? [] : ownCharacters(words)),
    ],
  }),
  run: async (context, options) => {
    const { answer, services } = context;
    await answer.defer('person');
    if (options.subcommand === 'gallery') {
      await answer.show(galleryPage(context, carriedWords(options.text('search') ?? ''), 0));
      return;
    }
    if (options.subcommand === 'import') return bring(context, options);
    const chosen = characterNamed(services, options.text('character') ?? '');
    if (options.subcommand === 'remove') {
      const removed = removeCharacter(services, context.place.person, chosen.id);
      const text = context.say(removed ? 'discord.own.removed' : 'discord.own.notYours', {
        name: plain(chosen.name),
      });
      await answer.show(notice(text));
      return;
    }
    if (options.subcommand === 'pick') return openWith(context, { character: chosen, where: 'here' });
    await answer.show(message(characterBox(context, chosen, { greeting: true })));
  },
  complete: ({ services }, { focused }) =>
    focused?.name === 'character' ? completeCharacter(services, focused) : [],
};

/** The longest text that is looked for, UTF-16 units. */
const typedUnits = 100;

/** An option that names a character, with choices while it is typed. */
export function characterOption(
  words: CommandWords,
  path: string,
  required: boolean,
): APIApplicationCommandStringOption {
  return {
    type: ApplicationCommandOptionType.String,
    ...words.entry(path),
    required,
    autocomplete: true,
    max_length: typedUnits,
  };
}

export function completeCharacter(
  services: CommandServices,
  { typed }: { readonly typed: string },
): readonly Choice[] {
  return characterChoices(services, typed);
}

/**
 * The character that an option names: chosen from the list, or typed.
 * @throws RapportError RAPPORT_E_CHARACTER_UNKNOWN
 */
export function characterNamed(services: CommandServices, typed: string): Character {
  const character = namedCharacter(services, typed);
  if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: typed });
  return character;
}
