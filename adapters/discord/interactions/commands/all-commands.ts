import {
  ApplicationCommandType,
  PermissionFlagsBits,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import { type CommandWords, everywhere } from '../command-words.js';
import type { MessageCommand, SlashCommand } from '../context.js';
import { box, message, small, text } from '../message-body.js';
import { character } from './character.js';
import { askAbout, chat } from './chat.js';
import { reset, why } from './conversation.js';
import { country } from './country.js';
import { match, memory, persona, privacy } from './own-data.js';
import { age, human, safety } from './safety.js';
import { settings } from './settings.js';
import { steer, style } from './steering.js';

/** What is explained, in this order; the words are in the locale. */
const topics = [
  ['chat', 'match', 'character gallery'],
  ['steer', 'style', 'why', 'reset'],
  ['persona show', 'memory list', 'country', 'age', 'safety', 'human', 'privacy export'],
  ['settings show'],
] as const;

/** `/help`: what can be done here. */
const help: SlashCommand = {
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

export const slashCommands: readonly SlashCommand[] = [
  chat,
  match,
  character,
  persona,
  memory,
  country,
  age,
  safety,
  human,
  steer,
  style,
  why,
  reset,
  privacy,
  settings,
  help,
];

/** The only entry of the menu of a message: its name is words, and other than a slash command's it differs by locale. */
export const messageCommand: MessageCommand = askAbout;

/** Every command as Discord is told of it. */
export function defineCommands(
  words: CommandWords,
  services: CommandServices,
): RESTPostAPIApplicationCommandsJSONBody[] {
  return [...slashCommands.map((command) => command.define(words, services)), messageCommand.define(words)];
}
