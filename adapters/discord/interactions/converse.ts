import type { APIAttachment, APIInteraction } from 'discord-api-types/v10';
import { weaveAttachments } from '../../../src/commands/attachments.js';
import { switchCharacter } from '../../../src/commands/conversation.js';
import { remindIfDue } from '../../../src/commands/disclosure.js';
import { asksToLead } from '../../../src/commands/lead.js';
import { type MessageId, messageId } from '../../../src/ids.js';
import { receiveFiles } from '../intake/attached-files.js';
import { admit } from './admission.js';
import type { Context } from './context.js';
import { notice, plain, quoted, shorten } from './message-body.js';
import { privateSessionAt, sessionAt } from './place.js';
import { mayLead, mayWrite } from './taking-part.js';
import { privateVenue, type Venue, venueFor } from './venue.js';

/** What is shown of a person's words above their thread, UTF-16 units. */
const shownUnits = 1_500;
/** The same as a quotation, which takes two more a line. */
const quotedUnits = 1_700;

export interface Spoken {
  readonly text: string;
  /** Only the person is to see it. */
  readonly privately: boolean;
  /** The character that is asked for; the conversation's own, the guild's default or the best match otherwise. */
  readonly characterId?: string | undefined;
  readonly files?: readonly APIAttachment[];
  /** What stands above the thread, and what the thread is called; the person's words where nothing is given. */
  readonly opener?: string;
  readonly threadName?: string;
}

/** Hands what a person said by an interaction to the core: once, however often Discord sends the interaction. */
export async function converse(context: Context<APIInteraction>, spoken: Spoken): Promise<void> {
  const { answer, place, say, services, discord, interaction } = context;
  const privately = spoken.privately || place.kind === 'foreign' || !mayWrite(place);
  await answer.defer(privately ? 'person' : 'everybody', { repeatable: true });
  if (await isRefusedLead(context, spoken, privately)) {
    if (!answer.repeated) await answer.tell(notice(say('discord.notYoursToLead')));
    return;
  }
  const admission = await admit(context, spoken.text);
  if (!admission.admitted) {
    // Who took it first has told the person, or has begun what must not be taken away again.
    if (!answer.repeated) await answer.tell(notice(admission.notice));
    return;
  }
  const { characterId } = spoken;
  const files = await receiveFiles(services, spoken.files ?? []);
  const { text, notices } = weaveAttachments(services, spoken.text, files);
  const opener = spoken.opener ?? openerOf(context, spoken);
  const venue = privately
    ? privateVenue(context)
    : await venueFor(context, { opener, title: spoken.threadName ?? spoken.text });
  if (notices.length > 0 && !answer.repeated) await answer.remark(notice(plain(notices.join('\n'))));
  const { settings } = admission;
  const session = await services.store.sessions.get(venue.session);
  if (characterId && session?.characterId && session.characterId !== characterId)
    await switchCharacter(services, session.id, characterId);
  await remindIfDue(services, session, settings.disclosureEveryHours);
  const standard = services.bank.get(settings.defaultCharacterId ?? '')?.id;
  const asked = characterId ?? (session ? undefined : standard);
  const outcome = await discord.receive({
    kind: 'message',
    ...inboundOf(context, venue, messageId(interaction.id)),
    text,
    ...(asked !== undefined && { characterId: asked }),
  });
  if (outcome === 'paused') await answer.tell(notice(say('discord.paused')));
}

/** Whether a person would lead a conversation that is somebody else's: to another character, or to a topic. */
async function isRefusedLead(
  { place, services }: Context,
  { text, characterId }: Spoken,
  privately: boolean,
): Promise<boolean> {
  if (characterId === undefined && !asksToLead(text, services)) return false;
  const session = await services.store.sessions.get(privately ? privateSessionAt(place) : sessionAt(place));
  if (!session || services.care.answer([text]) !== null || (await mayLead(place, session))) return false;
  return session.characterId !== characterId || asksToLead(text, services);
}

/** What every message of an interaction says about itself. */
export function inboundOf({ place, discord }: Context, venue: Venue, id: MessageId) {
  return {
    id,
    sessionId: venue.session,
    personId: place.person,
    speakerName: place.name,
    at: discord.clock.now(),
    address: venue.address,
    shared: venue.shared,
  };
}

function openerOf({ say, place, services }: Context, { text, characterId }: Spoken): string {
  const character = characterId ? services.bank.get(characterId) : undefined;
  const speaker = say(character ? 'discord.opener.to' : 'discord.opener.toSomebody', {
    person: plain(place.name),
    name: character?.name ?? '',
  });
  return `${speaker}\n${shorten(quoted(shorten(text, shownUnits)), quotedUnits)}`;
}
