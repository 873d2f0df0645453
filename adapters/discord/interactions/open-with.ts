import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { type Character, displayName } from '../../../characters/schema.js';
import { ruleOfPlace } from '../../../src/commands/admit.js';
import { removeConversation } from '../../../src/commands/conversation.js';
import { mayLead } from '../../../src/commands/lead.js';
import { type Meeting, meetCharacter } from '../../../src/commands/meet-character.js';
import type { MatchReason } from '../../../src/matching/persona-scorer.js';
import { retry } from '../../../src/retry.js';
import { channelAddress } from '../address.js';
import { dmSession, threadSession } from '../ids.js';
import { whereaboutsOf } from '../locales.js';
import { tryOnceMore } from '../send/refusals.js';
import { notInThisChannel, rulesOf } from './admission.js';
import { isCode } from './answer.js';
import { openingBox, openingRest } from './character-view.js';
import { componentId, sessionCode } from './component-id.js';
import type { Context } from './context.js';
import { freshThread, type InteractionVenue, privateVenue } from './interaction-venue.js';
import { message, notice, plain, text } from './message-body.js';
import { leaderAt, mayWrite, sessionAt } from './place.js';
import { button, row } from './reply-buttons.js';

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
  const name = displayName(character);
  if (where === 'dm' && place.kind !== 'dm') {
    const channel = await beginInDm(context, wish);
    const refused = channel === null;
    return answer.tell(
      notice(refused ? say('discord.dmRefused') : say('discord.opened', { name, channel: `<#${channel}>` })),
    );
  }
  const leftOut = await ruleOfPlace(services, rulesOf(place));
  if (leftOut) return answer.tell(notice(notInThisChannel(say, leftOut)));
  if (!mayWrite(place)) return beginPrivately(context, wish);
  switch (place.kind) {
    case 'dm':
    case 'thread': {
      const known = await services.store.sessions.get(sessionAt(place));
      if (known && !(await mayLead(known, leaderAt(place))))
        return answer.tell(notice(say('discord.notYoursToLead')));
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
  const { opening } = await meet(context, wish, venue);
  const write = button(
    say('discord.buttons.write'),
    '💬',
    componentId({ do: 'write', session: sessionCode(venue.session) }),
    1,
  );
  const { name } = wish.character;
  const words =
    opening.length > 0
      ? openingBox(context, wish.character, opening)
      : [text(say('match.switched', { name: plain(name) }))];
  await answer.tell(message(...words, row(write)));
  for (const rest of openingRest(opening)) await answer.tell(rest);
}

/** Begins the conversation, or hands it to the character, and posts what they begin with there; nothing where they speak there already. */
async function begin(context: Context, wish: Wish, venue: InteractionVenue): Promise<void> {
  const { discord, services, interaction } = context;
  const { opening, takenOver } = await meet(context, wish, venue);
  if (opening.length === 0) return;
  try {
    const body = message(...openingBox(context, wish.character, opening));
    const { channel } = venue.address;
    const post = () =>
      discord.api.channels.createMessage(channel, { ...body, nonce: interaction.id, enforce_nonce: true });
    await retry(post, tryOnceMore);
    for (const rest of openingRest(opening)) await discord.api.channels.createMessage(channel, { ...rest });
  } catch (error) {
    // Nobody has seen it begin: it has not begun. One that went on goes on, and the next reply says that this is an AI.
    if (takenOver) await services.store.sessions.update(venue.session, { disclosed: false });
    else await removeConversation(services, venue.session);
    throw error;
  }
}

function meet(
  { services, place, interaction }: Context,
  { character, reasons }: Wish,
  { session, address, shared }: InteractionVenue,
): Promise<Meeting> {
  return meetCharacter(services, {
    id: session,
    platform: 'discord',
    owner: place.person,
    character,
    address,
    shared,
    whereabouts: whereaboutsOf(interaction),
    ...(reasons && { reasons }),
  });
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
