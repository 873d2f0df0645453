import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Character } from '../../../characters/schema.js';
import {
  type OpenedConversation,
  openConversation,
  resetConversation,
  switchCharacter,
} from '../../../src/commands/conversation.js';
import { channelAllowed, readSettings } from '../../../src/commands/settings.js';
import type { MatchReason } from '../../../src/matching/persona-scorer.js';
import { dmSession, threadSession } from '../ids.js';
import { channelAddress } from '../interaction-port.js';
import { channels } from './admission.js';
import { isCode } from './answer.js';
import { openingBox } from './character-view.js';
import { componentId } from './component-id.js';
import type { Context } from './context.js';
import { message, notice, text } from './message-body.js';
import { onceMore } from './once-more.js';
import { sessionAt } from './place.js';
import { button, row } from './reply-buttons.js';
import { sessionCode } from './session-code.js';
import { mayLead, mayWrite } from './taking-part.js';
import { freshThread, privateVenue, type Venue } from './venue.js';

export interface Wish {
  readonly character: Character;
  /** Where the person is, or in a direct message. */
  readonly where: 'here' | 'dm';
  readonly reasons?: readonly MatchReason[];
}

/**
 * Begins a conversation with a character without a first message (a match, a pick), or hands the one that goes on at that
 * place to the character. The interaction has been deferred for the person alone.
 */
export async function openWith(context: Context, wish: Wish): Promise<void> {
  const { place, answer, say, services } = context;
  const { character, where } = wish;
  const name = character.shortName ?? character.name;
  if (where === 'dm' && place.kind !== 'dm') {
    const channel = await beginInDm(context, wish);
    const refused = channel === null;
    return answer.tell(
      notice(refused ? say('discord.dmRefused') : say('discord.opened', { name, channel: `<#${channel}>` })),
    );
  }
  const settings = await readSettings(services, place.community);
  if (!channelAllowed(settings, place.parent === undefined ? [place.channel] : [place.channel, place.parent]))
    return answer.tell(notice(say('discord.notInThisChannel', { channels: channels(settings) })));
  if (!mayWrite(place)) return beginPrivately(context, wish);
  switch (place.kind) {
    case 'dm':
    case 'thread': {
      const known = await services.store.sessions.get(sessionAt(place));
      if (known && !mayLead(place, known)) return answer.tell(notice(say('discord.notYoursToLead')));
      await begin(context, wish, {
        session: sessionAt(place),
        address: channelAddress(place.channel, place),
        shared: place.kind === 'thread',
      });
      return answer.tell(notice(say('discord.openedHere', { name })));
    }
    case 'channel': {
      const thread = await freshThread(context, say('discord.threadWith', { person: place.name, name }));
      if (thread === null) return beginPrivately(context, wish);
      await begin(context, wish, {
        session: threadSession(thread),
        address: channelAddress(thread, { guild: place.guild, parent: place.channel }),
        shared: true,
      });
      return answer.tell(notice(say('discord.opened', { name, channel: `<#${thread}>` })));
    }
    case 'foreign':
      return beginPrivately(context, wish);
  }
}

/** A conversation that only the person sees: it begins with the answer of this interaction. */
async function beginPrivately(context: Context, wish: Wish): Promise<void> {
  const { answer, say } = context;
  const venue = privateVenue(context);
  const { opening } = await openOrSwitch(context, wish, venue);
  const write = button(
    say('discord.buttons.write'),
    '💬',
    componentId({ do: 'write', session: sessionCode(venue.session) }),
    1,
  );
  await answer.tell(message(...firstWords(context, wish.character, opening), row(write)));
}

/** Opens the conversation (or switches its character) and posts what it begins with there. */
async function begin(context: Context, wish: Wish, venue: Venue): Promise<void> {
  const { discord, services, interaction } = context;
  const { opening } = await openOrSwitch(context, wish, venue);
  try {
    const body = message(...firstWords(context, wish.character, opening));
    const { channel } = venue.address;
    await onceMore(() =>
      discord.api.channels.createMessage(channel, { ...body, nonce: interaction.id, enforce_nonce: true }),
    );
  } catch (error) {
    // Nobody has seen it begin: it has not begun.
    if (opening.length > 0) await resetConversation(services, venue.session);
    throw error;
  }
}

async function openOrSwitch(
  { services, place }: Context,
  { character, reasons }: Wish,
  { session, address, shared }: Venue,
): Promise<OpenedConversation> {
  const opened = await openConversation(services, {
    id: session,
    platform: 'discord',
    owner: place.person,
    character,
    address,
    shared,
    ...(reasons && { reasons }),
  });
  if (opened.session.characterId === character.id) return opened;
  const switched = await switchCharacter(services, session, character.id);
  return { session: switched?.session ?? opened.session, opening: [] };
}

/** The opening; where a conversation goes on, that the character takes over. */
function firstWords(
  context: Context,
  character: Character,
  opening: OpenedConversation['opening'],
): ReturnType<typeof openingBox> {
  if (opening.length > 0) return openingBox(context, character, opening);
  return [text(context.say('match.switched', { name: character.name }))];
}

/** Begins in the direct messages with the person and returns their channel; null where the person takes none from the bot. */
async function beginInDm(context: Context, wish: Wish): Promise<string | null> {
  const { discord, place } = context;
  try {
    const { id } = await discord.api.users.createDM(place.userId);
    const session = dmSession(id);
    await begin(context, wish, { session, address: channelAddress(id), shared: false });
    return id;
  } catch (error) {
    if (
      isCode(error, RESTJSONErrorCodes.CannotSendMessagesToThisUser) ||
      isCode(error, RESTJSONErrorCodes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds)
    )
      return null;
    throw error;
  }
}
