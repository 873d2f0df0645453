import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { readPersona } from '../../../../src/commands/persona.js';
import type { SlashCommand } from '../context.js';
import { inTime } from '../first-response.js';
import { personaForm } from '../persona-form.js';
import { personaPage } from '../persona-page.js';
import { everywhere } from './where.js';

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
