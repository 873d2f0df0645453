import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { readPersona } from '../../../../src/commands/persona.js';
import { inTime } from '../answer.js';
import { everywhere } from '../command-words.js';
import type { SlashCommand } from '../context.js';
import { personaForm, personaPage } from '../persona-form.js';

/** `/persona`: who the person has said they are. */
export const persona: SlashCommand = {
  name: 'persona',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('persona'),
    ...everywhere,
    options: [
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('persona.show') },
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('persona.edit') },
    ],
  }),
  run: async ({ answer, services, place, say, discord }, { subcommand }) => {
    if (subcommand === 'edit') {
      const known = await inTime(discord.clock, readPersona(services, place.person));
      return answer.form(personaForm('described', known, say));
    }
    await answer.defer('person');
    await answer.show(personaPage(await readPersona(services, place.person), say));
  },
};

/** `/match`: a form about the person; sending it shows who fits them. */
export const match: SlashCommand = {
  name: 'match',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('match'), ...everywhere }),
  run: async ({ answer, services, place, say, discord }) => {
    const persona = await inTime(discord.clock, readPersona(services, place.person));
    await answer.form(personaForm('matched', persona, say));
  },
};
