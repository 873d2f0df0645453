import { type APIApplicationCommandStringOption, ApplicationCommandOptionType } from 'discord-api-types/v10';
import type { Character } from '../../../../characters/schema.js';
import { RapportError } from '../../../../config/errors.js';
import { characterChoices, namedCharacter } from '../../../../src/commands/characters.js';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import type { Choice } from '../../../../src/commands/steer.js';
import type { CommandWords } from '../command-words.js';

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
