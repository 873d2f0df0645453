import {
  type APIApplicationCommandSubcommandOption,
  type APIChatInputApplicationCommandInteraction,
  ApplicationCommandOptionType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { cardLimits } from '../../../../characters/cards/limits.js';
import { RapportError } from '../../../../config/errors.js';
import { bringCharacter, looksLikeCharacter, mayBring } from '../../../../src/commands/own-characters.js';
import { fetchAttachment } from '../../intake/read-message.js';
import { characterBox } from '../character-view.js';
import type { CommandWords } from '../command-words.js';
import type { CommandOptions, Context } from '../context.js';
import { message, plain, small, text } from '../message-body.js';

/** What is shown of what was not as it should be. */
const maxWarnings = 5;

/** `/character import` and `remove`, where the operator lets people bring characters. */
export function ownCharacters(words: CommandWords): APIApplicationCommandSubcommandOption[] {
  const file = {
    type: ApplicationCommandOptionType.Attachment,
    ...words.entry('character.import.file'),
    required: true,
  } as const;
  return [
    { type: ApplicationCommandOptionType.Subcommand, ...words.entry('character.import'), options: [file] },
    {
      type: ApplicationCommandOptionType.Subcommand,
      ...words.entry('character.remove'),
      options: [
        {
          type: ApplicationCommandOptionType.String,
          ...words.entry('character.remove.character'),
          required: true,
          autocomplete: true,
          max_length: 100,
        },
      ],
    },
  ];
}

/** Takes in the character of the file that came with the command. */
export async function bring(
  context: Context<APIChatInputApplicationCommandInteraction>,
  options: CommandOptions,
): Promise<void> {
  const { answer, interaction, place, say, services } = context;
  const bringing = {
    place: 'discord' as const,
    person: place.person,
    manages: place.guild !== undefined && place.personMay(PermissionFlagsBits.ManageGuild),
  };
  if (!mayBring(services, bringing)) throw new RapportError('RAPPORT_E_CARD_REFUSED');
  const given = interaction.data.resolved?.attachments?.[options.text('file') ?? ''];
  const name = given?.filename ?? '';
  if (!given || !looksLikeCharacter({ name, size: given.size })) {
    const large = given !== undefined && given.size > cardLimits.uploadBytes;
    const reason = large
      ? `more than ${cardLimits.uploadBytes / 1_048_576} MiB are not taken in here`
      : 'it is no PNG, JSON, CHARX or YAML';
    throw new RapportError(large ? 'RAPPORT_E_CARD_TOO_LARGE' : 'RAPPORT_E_CARD_NONE', {
      file: name,
      reason,
    });
  }
  const bytes = await fetchAttachment(services, given.url, cardLimits.uploadBytes);
  if (!bytes)
    throw new RapportError('RAPPORT_E_CARD_NONE', { file: name, reason: 'it could not be fetched' });
  const { character, warnings } = await bringCharacter(services, bringing, { name, bytes });
  const told = [
    say('discord.own.brought', { name: plain(character.name) }),
    ...warnings.slice(0, maxWarnings).map((warning) => small(plain(warning))),
  ];
  await answer.show(message(text(told.join('\n')), characterBox(context, character, { greeting: true })));
}
