import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
} from 'discord-api-types/v10';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import { goalChoices, steer as steerConversation } from '../../../../src/commands/steer.js';
import { type StyleChoice, setStyle, styleChoices } from '../../../../src/commands/style.js';
import { maxGoalUnits } from '../../../../src/guidance/goal-words.js';
import { everywhere } from '../command-words.js';
import type { SlashCommand } from '../context.js';
import { box, message, notice, plain, shorten, text } from '../message-body.js';
import { conversationHere } from './conversation.js';

const modes = ['once', 'sticky', 'queue', 'off'] as const;

/** `/steer`: where the character leads the conversation. */
export const steer: SlashCommand = {
  name: 'steer',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('steer'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry('steer.goal'),
        required: false,
        autocomplete: true,
        // Goals of a queue are separated by commas.
        max_length: 4 * maxGoalUnits,
      },
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry('steer.mode'),
        required: false,
        choices: modes.map((mode) => ({ ...words.label(`steer.modes.${mode}`), value: mode })),
      },
    ],
  }),
  run: async (context, options) => {
    const { answer, services, say } = context;
    await answer.defer('person');
    const session = await conversationHere(context, 'lead');
    if (!session) return;
    const mode = modes.find((known) => known === options.text('mode')) ?? 'once';
    const commands = {
      once: say('discord.steer.once'),
      sticky: say('discord.steer.sticky'),
      off: say('discord.steer.off'),
    };
    const text = options.text('goal') ?? '';
    const steered = await steerConversation(services, session.id, { mode, text, commands });
    await answer.tell(notice(plain(steered?.notice ?? say('discord.goneMeanwhile'))));
  },
  complete: ({ services }, { focused }) => goalChoices(services, focused?.typed ?? ''),
};

/** The value that gives an attribute back to the character. */
const asTheyAre = 'as-they-are';
const maxOptions = 25;

/** `/style`: how the character speaks, one option an attribute; without options what is set. */
export const style: SlashCommand = {
  name: 'style',
  define: (words, services) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('style'),
    ...everywhere,
    options: offered(services).map(
      ({ name, label, values }): APIApplicationCommandBasicOption => ({
        type: ApplicationCommandOptionType.String,
        name,
        description: shorten(label, 100),
        required: false,
        choices: [
          ...values.slice(0, maxOptions - 1).map(({ value, label: does }) => ({
            name: shorten(`${value}: ${does}`, 100),
            value,
          })),
          { ...words.label('style.as-they-are'), value: asTheyAre },
        ],
      }),
    ),
  }),
  run: async (context, options) => {
    const { answer, services, say } = context;
    await answer.defer('person');
    const session = await conversationHere(context, 'lead');
    if (!session) return;
    const wishes = offered(services).flatMap(({ attribute, name }) => {
      const value = options.text(name);
      return value === undefined ? [] : [{ attribute, value: value === asTheyAre ? null : value }];
    });
    const said: string[] = [];
    for (const wish of wishes) {
      const set = await setStyle(services, session.id, wish);
      said.push(set?.notice ?? say('discord.goneMeanwhile'));
    }
    if (said.length > 0) return answer.tell(notice(plain([...new Set(said)].join('\n'))));
    const lines = styleChoices(services).map(({ attribute, name, values }) => {
      const value = session.style?.[attribute];
      const does = values.find((known) => known.value === value)?.label;
      return `- **${plain(name)}**: ${plain(does ?? say('discord.commands.style.as-they-are'))}`;
    });
    await answer.show(message(box(text(`### ${say('discord.style.title')}`), text(lines.join('\n')))));
  },
};

/** The attributes that can be an option of a command: an operator may have added some that Discord would refuse. */
function offered(services: CommandServices): StyleChoice[] {
  return styleChoices(services)
    .filter(({ name }) => /^[-_\p{Ll}\p{N}]{1,32}$/u.test(name))
    .slice(0, maxOptions);
}
