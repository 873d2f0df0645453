import {
  type APIMessageComponentInteraction,
  type APIMessageTopLevelComponent,
  ComponentType,
} from 'discord-api-types/v10';
import { admit } from '../../../../src/commands/admit.js';
import { takeOffer } from '../../../../src/commands/conversation.js';
import { giveFeedback } from '../../../../src/commands/feedback.js';
import { mayLead } from '../../../../src/commands/lead.js';
import { stopReply } from '../../../../src/commands/stop-reply.js';
import { messageId, turnId } from '../../../../src/ids.js';
import type { SessionState } from '../../../../src/state/session.js';
import { channelAddress } from '../../address.js';
import { arrivalOf, converse, openedAt } from '../admission.js';
import { sessionOfCode } from '../component-id.js';
import type { ComponentHandlers, Context, FormHandlers } from '../context.js';
import { form, formUnits, textField } from '../forms.js';
import type { InteractionVenue } from '../interaction-venue.js';
import { notice } from '../message-body.js';
import { interactionAddress, leaderAt, mayTakePart } from '../place.js';
import { markOf, rowFor } from '../reply-buttons.js';

type ComponentContext = Context<APIMessageComponentInteraction>;

/** The buttons on a reply. */
export const replyHandlers: ComponentHandlers<'stop' | 'sent' | 'regenerate' | 'feedback' | 'offer'> = {
  stop: async (context, action) => {
    const { answer, services, say } = context;
    await answer.deferUpdate();
    const session = await conversationOf(context, action.session);
    if (session && !(await stopReply(services, session, turnId(session.id, Number(action.turn)))))
      await answer.tell(notice(say('discord.nothingToStop')));
  },

  sent: async ({ answer }) => answer.deferUpdate(),

  regenerate: async (context, action) => {
    const { answer, say, services, discord, interaction } = context;
    // Whoever gets it a second time asks for the same thing under the same id.
    await answer.deferUpdate({ repeatable: true });
    const session = await conversationOf(context, action.session);
    if (!session) return;
    if (Number(action.turn) !== session.turnCount) {
      await answer.tell(notice(say('discord.olderReply')));
      return;
    }
    const admission = await admit(
      services,
      {
        ...arrivalOf(context, session.id),
        kind: 'regenerate',
        // A second press asks for nothing more. Turns are counted anew where a conversation begins anew: the message tells.
        id: messageId(`${turnId(session.id, session.turnCount)}:again:${interaction.message.id}`),
        typed: '',
        open: async () => openedAt(context, venueOf(context, session)),
      },
      discord.receive,
    );
    if (admission.outcome === 'refused') return answer.tell(notice(admission.notice));
    // The new reply comes below; the old one is no longer the last.
    await answer.changeButtons([]);
  },

  feedback: async (context, action) => {
    const { answer, services, say, interaction } = context;
    await answer.deferUpdate({ repeatable: true });
    const session = await conversationOf(context, action.session);
    if (!session) return;
    const turn = turnId(session.id, Number(action.turn));
    const feedback = action.value === 'none' ? null : action.value;
    if (!(await giveFeedback(services, session.id, turn, feedback)))
      return answer.tell(notice(say('discord.replyGone')));
    const { session: _, ...at } = action;
    const marked = rowFor({ ...at, sessionId: session.id, turnId: turn, state: 'done', feedback, say });
    const others = interaction.message.components ?? [];
    await answer.changeButtons(others.map((row) => (holds(row, interaction.data.custom_id) ? marked : row)));
  },

  offer: async (context, action) => {
    const { answer, services, say, interaction, place } = context;
    await answer.deferUpdate();
    const session = await conversationOf(context, action.session);
    if (!session) return;
    if (!(await mayLead(session, leaderAt(place)))) return answer.tell(notice(say('discord.notYoursToLead')));
    const offered = session.offeredCharacterId;
    const isCurrent = offered !== undefined && markOf(offered) === action.mark;
    const settled = isCurrent ? await takeOffer(services, session.id, action.answer === 'take') : null;
    const others = interaction.message.components ?? [];
    await answer.changeButtons(others.filter((row) => !holds(row, interaction.data.custom_id)));
    await answer.tell(
      notice(
        settled?.taken
          ? say('match.switched', { name: settled.taken.name })
          : say(isCurrent ? 'discord.offerDeclined' : 'match.nothingOffered'),
      ),
    );
  },
};

/** The conversation of a button, where the person takes part in it; otherwise they are told, and the press is over. */
async function conversationOf(context: ComponentContext, code: string): Promise<SessionState | null> {
  const { answer, services, say } = context;
  const session = await services.store.sessions.get(sessionOfCode(code));
  const allowed = session !== null && (await mayTakePart(context, session));
  if (!allowed) await answer.tell(notice(say(session ? 'discord.notYours' : 'discord.conversationGone')));
  return allowed ? session : null;
}

/** Where the reply goes that a pressed button asks for: as a follow-up where only an interaction can write. */
function venueOf({ place, interaction, discord }: ComponentContext, session: SessionState): InteractionVenue {
  const kind = session.id.split(':')[1];
  const inChannel = kind === 'dm' || kind === 'thread';
  return {
    session: session.id,
    shared: session.shared,
    address: inChannel
      ? channelAddress(place.channel, place)
      : interactionAddress(interaction, place, kind === 'user', discord.clock.now()),
  };
}

function holds(row: APIMessageTopLevelComponent, customId: string): boolean {
  return (
    row.type === ComponentType.ActionRow &&
    row.components.some((component) => 'custom_id' in component && component.custom_id === customId)
  );
}

const field = 'message';

/** Going on in a conversation that only its person sees: there is no line to type in, so a form opens. */
export const writingHandlers: ComponentHandlers<'write'> = {
  write: ({ answer, say }, { session }) =>
    answer.form(
      form({ do: 'written', session }, say('discord.writeForm.title'), [
        textField({
          name: field,
          label: say('discord.writeForm.message'),
          long: true,
          required: true,
          max: formUnits.value,
        }),
      ]),
    ),
};

export const writingForms: FormHandlers<'written'> = {
  written: async (context, action, fields) => {
    const { answer, say, place } = context;
    const [, kind, ...parts] = sessionOfCode(action.session).split(':');
    // Both kinds of id name the person; a form cannot be sent for somebody else, a forged one is refused.
    if (!parts.includes(place.userId)) return answer.tell(notice(say('discord.notYours')));
    await converse(context, { text: fields.get(field) ?? '', privately: kind === 'user' });
  },
};
