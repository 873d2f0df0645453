import { ApplicationCommandType, ButtonStyle } from 'discord-api-types/v10';
import { mayLead } from '../../../../src/commands/lead.js';
import { explainLastReply } from '../../../../src/commands/why.js';
import type { SessionState } from '../../../../src/state/session.js';
import { everywhere } from '../command-words.js';
import { componentId, sessionCode } from '../component-id.js';
import type { Context, SlashCommand } from '../context.js';
import { box, message, notice, plain, text } from '../message-body.js';
import { leaderAt, mayTakePart, sessionHere } from '../place.js';
import { button, row } from '../reply-buttons.js';

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

/**
 * The conversation here, where the person may `lead` it (or `take part` in it). Otherwise they are told why not, and the
 * command is over.
 */
export async function conversationHere(
  context: Context,
  right: 'lead' | 'take part',
): Promise<SessionState | null> {
  const { answer, say, place } = context;
  const session = await sessionHere(context);
  if (!session) {
    await answer.tell(notice(await noConversation(context)));
    return null;
  }
  const may = await (right === 'lead' ? mayLead(session, leaderAt(place)) : mayTakePart(context, session));
  if (!may) await answer.tell(notice(say(right === 'lead' ? 'discord.notYoursToLead' : 'discord.notYours')));
  return may ? session : null;
}

/** That there is no conversation here, and where the person's last one is. */
async function noConversation({ services, say, place, commandIds }: Context): Promise<string> {
  const [latest] = await services.store.sessions.list(place.person, { limit: 1, offset: 0 });
  const [, kind, first, second] = latest?.id.split(':') ?? [];
  const channel = kind === 'user' ? second : first;
  const chat = commandIds.mention('chat', place.guild);
  return channel && channel !== place.channel
    ? say('discord.conversationElsewhere', { channel: `<#${channel}>`, chat })
    : say('discord.noConversation', { chat });
}
