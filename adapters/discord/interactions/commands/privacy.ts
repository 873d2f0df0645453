import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ComponentType,
} from 'discord-api-types/v10';
import { exportPerson, pausePerson } from '../../../../src/commands/privacy.js';
import { componentId } from '../component-id.js';
import type { SlashCommand } from '../context.js';
import { message, notice, text } from '../message-body.js';
import { button, row } from '../reply-buttons.js';
import { everywhere } from './where.js';

const rights = ['export', 'delete', 'pause', 'resume'] as const;

/** `/privacy`: what is stored about the person, in their hands. */
export const privacy: SlashCommand = {
  name: 'privacy',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('privacy'),
    ...everywhere,
    options: rights.map((right) => ({
      type: ApplicationCommandOptionType.Subcommand,
      ...words.entry(`privacy.${right}`),
    })),
  }),
  run: async ({ answer, services, place, say, commandIds }, { subcommand }) => {
    await answer.defer('person');
    switch (subcommand) {
      case 'export': {
        const { fileName, json } = await exportPerson(services, place.person);
        const file = { type: ComponentType.File as const, file: { url: `attachment://${fileName}` } };
        await answer.show(message(text(say('discord.privacy.export')), file), [
          { name: fileName, data: Buffer.from(json), contentType: 'application/json' },
        ]);
        return;
      }
      case 'delete':
        await answer.show(
          message(
            text(say('discord.privacy.sure')),
            row(
              button(say('discord.buttons.erase'), null, componentId({ do: 'erase' }), ButtonStyle.Danger),
              button(say('discord.buttons.cancel'), null, componentId({ do: 'cancel' })),
            ),
          ),
        );
        return;
      default: {
        const paused = subcommand === 'pause';
        await pausePerson(services, place.person, paused);
        const resume = commandIds.mention('privacy resume', place.guild);
        await answer.tell(
          notice(paused ? say('discord.privacy.paused', { resume }) : say('discord.privacy.resumed')),
        );
      }
    }
  },
};
