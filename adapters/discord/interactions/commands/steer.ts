import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import { goalChoices, steer as steerConversation } from '../../../../src/commands/steer.js';
import { maxGoalUnits } from '../../../../src/steering/goal-words.js';
import type { SlashCommand } from '../context.js';
import { conversationHere } from '../conversation-commands.js';
import { plain } from '../markup.js';
import { notice } from '../message-body.js';
import { everywhere } from './where.js';

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
