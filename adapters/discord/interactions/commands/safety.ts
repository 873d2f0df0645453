import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { describeSafety } from '../../../../src/care/safety.js';
import { stateAge } from '../../../../src/care/state-age.js';
import { whereaboutsOf } from '../../locales.js';
import { converse } from '../admission.js';
import { everywhere } from '../command-words.js';
import type { SlashCommand } from '../context.js';
import { box, message, notice, text } from '../message-body.js';

/** `/age`: how old the person is; whoever is under 18 is looked after more closely. */
export const age: SlashCommand = {
  name: 'age',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('age'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry('age.years'),
        required: false,
        max_length: 20,
      },
    ],
  }),
  run: async ({ answer, services, place }, options) => {
    await answer.defer('person');
    await answer.tell(notice(await stateAge(services, place.person, options.text('years') ?? '')));
  },
};

/** `/human`: people of the operator's are told that the person asks for one; what they write for them is passed on where that is wanted. */
export const human: SlashCommand = {
  name: 'human',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('human'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry('human.note'),
        required: false,
        max_length: 500,
      },
    ],
  }),
  // The same as the code: judged, recorded once, and nobody else reads it.
  run: (context, options) =>
    converse(context, { text: `!human ${oneLine(options.text('note') ?? '')}`.trim(), privately: true }),
};

function oneLine(typed: string): string {
  return typed.replace(/\s+/g, ' ').trim();
}

/** `/safety`: what happens when somebody is in danger, and who helps where they are. */
export const safety: SlashCommand = {
  name: 'safety',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('safety'), ...everywhere }),
  run: async ({ answer, services, place, interaction, say }) => {
    await answer.defer('person');
    const sections = await describeSafety(services, { ...whereaboutsOf(interaction), person: place.person });
    await answer.show(
      message(
        box(
          text(`### ${say('safety.title')}`),
          ...sections.map((section) => text(`**${section.title}**\n${section.text}`)),
        ),
      ),
    );
  },
};
