import type { SessionState } from '../../../src/session/session.js';
import type { Context } from './context.js';
import { notice } from './message-body.js';
import { mayLead, mayTakePart, sessionHere } from './taking-part.js';

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
  const may = await (right === 'lead' ? mayLead(place, session) : mayTakePart(context, session));
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
