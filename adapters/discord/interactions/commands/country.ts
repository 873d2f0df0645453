import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { countryName } from '../../../../src/care/countries.js';
import { sayCountry } from '../../../../src/commands/country.js';
import { everywhere } from '../command-words.js';
import type { SlashCommand } from '../context.js';
import { notice } from '../message-body.js';
import { sessionAt } from '../place.js';

const maxChoices = 25;

/** `/country`: where the person is, for the helplines there. */
export const country: SlashCommand = {
  name: 'country',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('country'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry('country.where'),
        required: false,
        autocomplete: true,
        max_length: 60,
      },
    ],
  }),
  run: async ({ answer, services, place }, options) => {
    await answer.defer('person');
    const typed = options.text('where') ?? '';
    await answer.tell(
      notice(await sayCountry(services, { person: place.person, typed, session: sessionAt(place) })),
    );
  },
  complete: ({ services, say }, { focused }) => {
    const typed = focused?.typed.trim().toLowerCase() ?? '';
    return services.care.countries
      .map((code) => ({ name: countryName(code, say('care.language')), value: code }))
      .filter(({ name, value }) => name.toLowerCase().includes(typed) || value.toLowerCase() === typed)
      .sort((a, b) => a.name.localeCompare(b.name))
      .slice(0, maxChoices);
  },
};
