import type { APIAttachment, APIInteraction } from 'discord-api-types/v10';
import {
  type Arrival,
  admit,
  type Opened,
  type RefusalWords,
  type Rule,
  type Rules,
} from '../../../src/commands/admit.js';
import { weaveAttachments } from '../../../src/commands/attachments.js';
import { messageId, type SessionId } from '../../../src/ids.js';
import { receiveFiles } from '../intake/read-message.js';
import { whereaboutsOf } from '../locales.js';
import type { Context } from './context.js';
import { type InteractionVenue, privateVenue, venueFor } from './interaction-venue.js';
import { notice, plain, quoted, shorten } from './message-body.js';
import { leaderAt, mayWrite, type Place, privateSessionAt, sessionAt } from './place.js';

/** What every message of an interaction says about itself to the admission. */
export function arrivalOf(
  { interaction, place, say }: Pick<Context, 'interaction' | 'place' | 'say'>,
  session: SessionId,
): Omit<Arrival, 'kind' | 'typed' | 'open'> {
  return {
    id: messageId(interaction.id),
    session,
    rules: rulesOf(place),
    whereabouts: whereaboutsOf(interaction),
    words: refusalWords(say),
    ...leaderAt(place),
  };
}

/** Whose rules hold at a place. */
export function rulesOf({ community, channel, parent }: Place): Rules {
  return { community, channels: parent === undefined ? [channel] : [channel, parent] };
}

function refusalWords(say: Context['say']): RefusalWords {
  return (rule) => {
    switch (rule.kind) {
      case 'channel':
        return notInThisChannel(say, rule);
      case 'paused':
        return say('discord.paused');
      case 'too-long':
        return say('discordChat.tooLong', { size: rule.size, limit: rule.limit });
      case 'lead':
        return say('discord.notYoursToLead');
    }
  };
}

/** Where characters answer instead. */
export function notInThisChannel(
  say: Context['say'],
  { allowed }: Extract<Rule, { readonly kind: 'channel' }>,
): string {
  return say('discord.notInThisChannel', { channels: channels(allowed) });
}

/** Some of the channels, as Discord shows them. */
export function channels(ids: readonly string[]): string {
  const shown = ids.slice(0, maxShown).map((id) => `<#${id}>`);
  return [...shown, ...(ids.length > maxShown ? ['…'] : [])].join(', ');
}

const maxShown = 20;

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
