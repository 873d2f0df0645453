import type { RESTPostAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import type { CommandWords } from '../command-words.js';
import type { MessageCommand, SlashCommand } from '../context.js';
import { character } from './character.js';
import { askAbout, chat } from './chat.js';
import { reset, why } from './conversation.js';
import { help } from './help.js';
import { memory, privacy } from './own-data.js';
import { match, persona } from './persona.js';
import { settings } from './settings.js';
import { steer, style } from './steering.js';

export const slashCommands: readonly SlashCommand[] = [
  chat,
  match,
  character,
  persona,
  memory,
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
