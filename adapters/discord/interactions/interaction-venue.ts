import { DiscordAPIError } from '@discordjs/rest';
import {
  ChannelType,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
  ThreadAutoArchiveDuration,
  type ThreadChannelType,
} from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { SessionId } from '../../../src/ids.js';
import { retry } from '../../../src/retry.js';
import { channelAddress, type DiscordAddress } from '../address.js';
import { threadSession } from '../ids.js';
import { tryOnceMore } from '../send/refusals.js';
import { threadName } from '../threads.js';
import { isCode } from './answer.js';
import type { Context } from './context.js';
import { interactionAddress, privateSessionAt, sessionAt } from './place.js';

/** Where a conversation takes place: its session, and where replies go. */
export interface InteractionVenue {
  readonly session: SessionId;
  readonly address: DiscordAddress;
  /** Others read along. */
  readonly shared: boolean;
}

/** The conversation at this place that only the person sees: replies are the answer of the interaction. */
export function privateVenue({ place, interaction, discord }: Context): InteractionVenue {
  return {
    session: privateSessionAt(place),
    address: interactionAddress(interaction, place, true, discord.clock.now()),
    shared: false,
  };
}

/**
 * Where a message of this interaction is answered, once it is deferred: in a direct message there; in a thread there; in a
 * channel in a thread that hangs on `opener`, which is shown as the interaction's answer; where threads cannot be made, as
 * the interaction's answer itself.
 */
export async function venueFor(
  context: Context,
  { opener, title }: { readonly opener: string; readonly title: string },
): Promise<InteractionVenue> {
  const { place, answer, interaction, discord } = context;
  const { kind, channel, guild, parent } = place;
  if (kind === 'foreign') return privateVenue(context);
  const here: InteractionVenue = {
    session: sessionAt(place),
    address: interactionAddress(interaction, place, false, discord.clock.now()),
    shared: kind !== 'dm',
  };
  if (!place.botMay(PermissionFlagsBits.SendMessagesInThreads)) return here;
  if (kind === 'thread') {
    await answer.showText(opener);
    return { ...here, address: channelAddress(channel, { guild, parent }) };
  }
  if (!place.canHoldThreads || !place.botMay(PermissionFlagsBits.CreatePublicThreads)) return here;
  const { id } = await answer.showText(opener);
  const thread = await threadFrom(context, id, title);
  if (thread === null) return here;
  return {
    session: threadSession(thread),
    address: channelAddress(thread, { guild, parent: channel }),
    shared: true,
  };
}

/** Makes the thread of a message, which has the message's id; null where Discord does not let us. */
async function threadFrom(
  { discord, place }: Context,
  message: string,
  name: string,
): Promise<string | null> {
  const { api, logger } = discord;
  try {
    const body = { name: threadName(name, '…'), auto_archive_duration: ThreadAutoArchiveDuration.OneDay };
    await retry(() => api.channels.createThread(place.channel, body, message), tryOnceMore);
  } catch (error) {
    // A process that died made it already.
    if (!isCode(error, RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage)) {
      if (!(error instanceof DiscordAPIError)) throw error;
      logger.warn(
        { channel: place.channel, code: error.code, reason: error.message },
        'no thread could be made; the reply is given in the channel',
      );
      return null;
    }
  }
  await join(discord, message, place.userId);
  return message;
}

/** A new thread without a message: private where the bot may, so that nobody sees who sought company; null where it may not. */
export async function freshThread(context: Context, name: string): Promise<string | null> {
  const { place, discord, interaction } = context;
  const { CreatePrivateThreads, CreatePublicThreads, SendMessagesInThreads } = PermissionFlagsBits;
  if (!place.canHoldThreads || !place.botMay(SendMessagesInThreads)) return null;
  const isNews = interaction.channel?.type === ChannelType.GuildAnnouncement;
  const types: ThreadChannelType[] = [];
  if (place.botMay(CreatePrivateThreads) && !isNews) types.push(ChannelType.PrivateThread);
  if (place.botMay(CreatePublicThreads))
    types.push(isNews ? ChannelType.AnnouncementThread : ChannelType.PublicThread);
  for (const type of types) {
    try {
      const thread = await discord.api.channels.createThread(place.channel, {
        name: threadName(name, '…'),
        auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
        type,
      });
      await join(discord, thread.id, place.userId);
      return thread.id;
    } catch (error) {
      if (!(error instanceof DiscordAPIError)) throw error;
      discord.logger.warn(
        { channel: place.channel, code: error.code, reason: error.message },
        'a thread could not be made',
      );
    }
  }
  return null;
}

async function join({ api, logger }: Context['discord'], thread: string, user: string): Promise<void> {
  await api.threads.addMember(thread, user).catch((error: unknown) => {
    logger.info({ thread, reason: reasonOf(error) }, 'the person could not be added to their thread');
  });
}
