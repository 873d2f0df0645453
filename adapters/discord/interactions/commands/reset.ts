import { ApplicationCommandType, ButtonStyle } from 'discord-api-types/v10';
import { componentId } from '../component-id.js';
import type { SlashCommand } from '../context.js';
import { conversationHere } from '../conversation-commands.js';
import { message, text } from '../message-body.js';
import { button, row } from '../reply-buttons.js';
import { sessionCode } from '../session-code.js';
import { everywhere } from './where.js';

/** `/reset`: ends the conversation here and forgets it, once that is confirmed. */
export const reset: SlashCommand = {
  name: 'reset',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('reset'), ...everywhere }),
  run: async (context) => {
    const { answer, say, services } = context;
    await answer.defer('person');
    const session = await conversationHere(context, 'lead');
    if (!session) return;
    const name = services.bank.get(session.characterId)?.name ?? say('discord.somebody');
    await answer.show(
      message(
        text(say('discord.reset.sure', { name })),
        row(
          button(
            say('discord.buttons.reset'),
            null,
            componentId({ do: 'reset', session: sessionCode(session.id) }),
            ButtonStyle.Danger,
          ),
          button(say('discord.buttons.cancel'), null, componentId({ do: 'cancel' })),
        ),
      ),
    );
  },
};
