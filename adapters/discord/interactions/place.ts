import {
  type APIInteraction,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { type Leader, mayLead } from '../../../src/commands/lead.js';
import { type PersonId, type SessionId, sessionId } from '../../../src/ids.js';
import type { SessionState } from '../../../src/state/session.js';
import type { InteractionAddress } from '../address.js';
import { channelSession, discordCommunity, discordPerson, dmSession, threadSession } from '../ids.js';
import { isModerator } from '../moderators.js';
import type { Context } from './context.js';

/** How long an interaction's token lives, ms. */
const tokenLifeMs = 15 * 60_000;

/** Where an interaction came from, and from whom. */
export interface Place {
  /**
   * `dm`: a direct message with the bot. `thread`, `channel`: in a guild the bot is a member of. `foreign`: anywhere else
   * (the person has installed the app for themselves): the bot can only answer, and only the person sees it.
   */
  readonly kind: 'dm' | 'thread' | 'channel' | 'foreign';
  readonly person: PersonId;
  readonly userId: string;
  /** How the person is called here. */
  readonly name: string;
  /** The channel or thread. */
  readonly channel: string;
  /** The channel a thread belongs to. */
  readonly parent?: string;
  /** The guild, where the bot is a member of it. */
  readonly guild?: string;
  /** Whose settings and limits hold: `discord:<guild>`, where the bot is a member of it. */
  readonly community: string | null;
  /** What the bot may do in the channel. */
  readonly botMay: (permission: bigint) => boolean;
  /** What the person may do in the channel. */
  readonly personMay: (permission: bigint) => boolean;
  /** Whether threads can be made here as far as the kind of channel goes. */
  readonly canHoldThreads: boolean;
}

/** Reads the place of an interaction; null for one without a user or channel (a ping). */
export function placeOf(interaction: APIInteraction): Place | null {
  const { member, channel } = interaction;
  const user = member?.user ?? interaction.user;
  const channelId = channel?.id ?? interaction.channel_id;
  if (!user || !channelId) return null;
  const appPermissions = BigInt(interaction.app_permissions ?? '0');
  const memberPermissions = BigInt(member?.permissions ?? '0');
  const botMay = (permission: bigint): boolean => holds(appPermissions, permission);
  const kind = kindOf(interaction, botMay);
  const guild = kind === 'thread' || kind === 'channel' ? interaction.guild_id : undefined;
  const parent = kind === 'thread' && channel && 'parent_id' in channel ? channel.parent_id : undefined;
  return {
    kind,
    person: discordPerson(user.id),
    userId: user.id,
    name: member?.nick ?? user.global_name ?? user.username,
    channel: channelId,
    ...(parent && { parent }),
    ...(guild !== undefined && { guild }),
    community: guild === undefined ? null : discordCommunity(guild),
    botMay,
    personMay: (permission) => holds(memberPermissions, permission),
    canHoldThreads:
      kind === 'channel' &&
      (channel?.type === ChannelType.GuildText || channel?.type === ChannelType.GuildAnnouncement),
  };
}

/** The conversation that a person has at this place, if there is one. */
export function sessionAt({ kind, channel, userId }: Place): SessionId {
  switch (kind) {
    case 'dm':
      return dmSession(channel);
    case 'thread':
      return threadSession(channel);
    case 'channel':
      return channelSession(channel, userId);
    case 'foreign':
      return privateSessionAt({ channel, userId });
  }
}

/** The conversation at this place that only the person sees. */
export function privateSessionAt({ channel, userId }: Pick<Place, 'channel' | 'userId'>): SessionId {
  return sessionId(`discord:user:${userId}:${channel}`);
}

/** Where the reply to an interaction goes that is its own answer. */
export function interactionAddress(
  { id, token, application_id }: Pick<APIInteraction, 'id' | 'token' | 'application_id'>,
  { channel, guild }: Pick<Place, 'channel' | 'guild'>,
  ephemeral: boolean,
  now: number,
): InteractionAddress {
  return {
    platform: 'discord',
    kind: 'interaction',
    channel,
    applicationId: application_id,
    interactionId: id,
    token,
    expiresAt: String(now + tokenLifeMs),
    ephemeral: ephemeral ? 'true' : 'false',
    ...(guild !== undefined && { guild }),
  };
}

function kindOf(interaction: APIInteraction, botMay: Place['botMay']): Place['kind'] {
  const { context, guild_id, channel, authorizing_integration_owners: owners } = interaction;
  if (guild_id === undefined) {
    const dm =
      context === undefined ? channel?.type === ChannelType.DM : context === InteractionContextType.BotDM;
    return dm ? 'dm' : 'foreign';
  }
  const installed = owners?.[ApplicationIntegrationType.GuildInstall] !== undefined;
  if (!installed || !botMay(PermissionFlagsBits.ViewChannel)) return 'foreign';
  switch (channel?.type) {
    case ChannelType.PublicThread:
    case ChannelType.PrivateThread:
    case ChannelType.AnnouncementThread:
      return 'thread';
    default:
      return 'channel';
  }
}

function holds(permissions: bigint, wanted: bigint): boolean {
  const all = (permissions & PermissionFlagsBits.Administrator) !== 0n;
  return all || (permissions & wanted) === wanted;
}

/** Whether a person may write where they are; else what they say to a character stays between the two. */
export function mayWrite({ kind, personMay }: Pick<Place, 'kind' | 'personMay'>): boolean {
  const { SendMessages, SendMessagesInThreads } = PermissionFlagsBits;
  if (kind === 'channel') return personMay(SendMessages);
  return kind !== 'thread' || personMay(SendMessagesInThreads);
}

/** Lines looked at for those who take part. */
const linesLookedAt = 200;

/** The person at a place, as the core asks who may lead a conversation. */
export function leaderAt(place: Place): Leader {
  return {
    person: place.person,
    moderates: ({ id }) => id.split(':')[2] === place.channel && isModerator(place.personMay),
  };
}

/** Whether a person may stop a conversation's reply and say what they think of it: they also may who take part in its thread. */
export async function mayTakePart(
  { place, services, discord }: Pick<Context, 'place' | 'services' | 'discord'>,
  session: SessionState,
): Promise<boolean> {
  if (await mayLead(session, leaderAt(place))) return true;
  if (!session.shared || sessionAt(place) !== session.id) return false;
  const { entries } = await services.store.transcript.page(session.id, { limit: linesLookedAt });
  if (entries.some(({ personId }) => personId === place.person)) return true;
  // Whose first message is being answered has no line yet, but Discord made them a member of the thread.
  return discord.api.threads.getMember(place.channel, place.userId).then(
    () => true,
    () => false,
  );
}

/** The conversation at the place of an interaction: of two, the one that was used last. Null where there is none. */
export async function sessionHere({
  place,
  services,
}: Pick<Context, 'place' | 'services'>): Promise<SessionState | null> {
  const ids = [...new Set([sessionAt(place), privateSessionAt(place)])];
  const sessions = await Promise.all(ids.map((id) => services.store.sessions.get(id)));
  return sessions
    .flatMap((session) => session ?? [])
    .reduce<SessionState | null>(
      (latest, session) => (latest && latest.updatedAt >= session.updatedAt ? latest : session),
      null,
    );
}
