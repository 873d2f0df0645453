import { ApplicationCommandType } from 'discord-api-types/v10';
import { explainLastReply } from '../../../../src/commands/why.js';
import type { SlashCommand } from '../context.js';
import { conversationHere } from '../conversation-commands.js';
import { plain } from '../markup.js';
import { box, message, notice, text } from '../message-body.js';
import { everywhere } from './where.js';

/** `/why`: how the last reply came about. */
export const why: SlashCommand = {
  name: 'why',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('why'), ...everywhere }),
  run: async (context) => {
    const { answer, services, say, place } = context;
    await answer.defer('person');
    const session = await conversationHere(context, 'take part');
    if (!session) return;
    const explained = await explainLastReply(services, session.id, place.person);
    if (!explained) return answer.tell(notice(say('discord.noReplyYet')));
    const sections = explained.sections.map(({ title, lines }) =>
      text(`**${plain(title)}**\n${lines.map(plain).join('\n')}`),
    );
    await answer.show(message(box(text(`### ${say('discord.why')}`), ...sections)));
  },
};
