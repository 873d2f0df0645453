import { ApplicationCommandType, PermissionFlagsBits } from 'discord-api-types/v10';
import { everywhere } from '../command-words.js';
import type { SlashCommand } from '../context.js';
import { box, message, small, text } from '../message-body.js';

/** What is explained, in this order; the words are in the locale. */
const topics = [
  ['chat', 'match', 'character gallery'],
  ['steer', 'style', 'why', 'reset'],
  ['persona show', 'memory list', 'privacy export'],
  ['settings show'],
] as const;

/** `/help`: what can be done here. */
export const help: SlashCommand = {
  name: 'help',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('help'), ...everywhere }),
  run: async ({ answer, say, commandIds, place }) => {
    await answer.defer('person');
    const line = (path: string): string => {
      const [name = ''] = path.split(' ');
      return `- ${commandIds.mention(path, place.guild)}: ${say(`discord.commands.${name}.description`)}`;
    };
    // Discord hides the command from everybody else, too.
    const mayManage = place.community !== null && place.personMay(PermissionFlagsBits.ManageGuild);
    const shown = topics.filter(([first]) => first !== 'settings show' || mayManage);
    await answer.show(
      message(
        box(
          text(`### ${say('discord.help.title')}`),
          text(say(place.community === null ? 'discord.help.private' : 'discord.help.guild')),
          ...shown.map((topic) => text(topic.map(line).join('\n'))),
          text(small(say('discord.help.disclosure'))),
        ),
      ),
    );
  },
};
