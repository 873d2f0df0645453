import type { APIAttachment, APIInteraction } from 'discord-api-types/v10';
import { admit, type Opened } from '../../../src/commands/admit.js';
import { weaveAttachments } from '../../../src/commands/attachments.js';
import { receiveFiles } from '../intake/read-message.js';
import { arrivalOf } from './admission.js';
import type { Context } from './context.js';
import { type InteractionVenue, privateVenue, venueFor } from './interaction-venue.js';
import { notice, plain, quoted, shorten } from './message-body.js';
import { privateSessionAt, sessionAt } from './place.js';
import { mayWrite } from './taking-part.js';

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
  const { answer, place, services, discord } = context;
  const privately = spoken.privately || place.kind === 'foreign' || !mayWrite(place);
  await answer.defer(privately ? 'person' : 'everybody', { repeatable: true });
  const { characterId } = spoken;
  let notices: readonly string[] = [];
  const admission = await admit(
    services,
    {
      ...arrivalOf(context, privately ? privateSessionAt(place) : sessionAt(place)),
      kind: 'message',
      typed: spoken.text,
      characterId,
      read: async () => {
        const files = await receiveFiles(services, spoken.files ?? []);
        const woven = weaveAttachments(services, spoken.text, files);
        notices = woven.notices;
        return woven.text;
      },
      open: async () => {
        const opener = spoken.opener ?? openerOf(context, spoken);
        const venue = privately
          ? privateVenue(context)
          : await venueFor(context, { opener, title: spoken.threadName ?? spoken.text });
        if (notices.length > 0 && !answer.repeated) await answer.remark(notice(plain(notices.join('\n'))));
        return openedAt(context, venue);
      },
    },
    discord.receive,
  );
  // Who took it first has told the person, or has begun what must not be taken away again.
  if (admission.outcome === 'refused' && !answer.repeated) await answer.tell(notice(admission.notice));
}

/** Where a message of an interaction is answered, and what else is kept of it. */
export function openedAt({ place, discord }: Context, venue: InteractionVenue): Opened {
  return {
    sessionId: venue.session,
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
