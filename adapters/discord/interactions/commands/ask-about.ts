import { ApplicationCommandType } from 'discord-api-types/v10';
import { quoteFor } from '../../../../src/commands/quote.js';
import type { MessageCommand } from '../context.js';
import { converse } from '../converse.js';
import { plain } from '../markup.js';
import { notice } from '../message-body.js';
import { everywhere } from './where.js';

/** The menu entry of a message: "Ask a character about this". */
export const askAbout: MessageCommand = {
  name: 'ask-about',
  define: (words) => ({
    type: ApplicationCommandType.Message,
    ...words.label('ask-about.label'),
    ...everywhere,
  }),
  run: async (context) => {
    const { interaction, say, answer, place } = context;
    const { target_id, resolved } = interaction.data;
    const target = resolved.messages[target_id];
    const author = target?.author.global_name ?? target?.author.username ?? '';
    const words = [
      target?.content,
      // A forwarded message holds its text in a snapshot.
      ...(target?.message_snapshots ?? []).map(({ message }) => message.content),
      ...(target?.embeds ?? []).map(({ description }) => description),
    ];
    const text = quoteFor({ text: words.filter(Boolean).join('\n'), author }, say);
    if (text === null) return answer.tell(notice(say('discord.nothingToAskAbout')));
    const link = `https://discord.com/channels/${interaction.guild_id ?? '@me'}/${place.channel}/${target_id}`;
    await converse(context, {
      text,
      privately: false,
      opener: say('discord.opener.about', { person: plain(place.name), author: plain(author), link }),
      threadName: say('discord.threadAbout', { author }),
    });
  },
};
