import { ApplicationCommandType } from 'discord-api-types/v10';
import { readPersona } from '../../../../src/commands/persona.js';
import type { SlashCommand } from '../context.js';
import { inTime } from '../first-response.js';
import { personaForm } from '../persona-form.js';
import { everywhere } from './where.js';

/** `/match`: a form about the person; sending it shows who fits them. */
export const match: SlashCommand = {
  name: 'match',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('match'), ...everywhere }),
  run: async ({ answer, services, place, say, discord }) => {
    const persona = await inTime(discord.clock, readPersona(services, place.person));
    await answer.form(personaForm('matched', persona, say));
  },
};
