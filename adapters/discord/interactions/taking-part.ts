import { PermissionFlagsBits } from 'discord-api-types/v10';
import { type Leader, mayLead } from '../../../src/commands/lead.js';
import type { SessionState } from '../../../src/state/session.js';
import { isModerator } from '../moderators.js';
import type { Context } from './context.js';
import { type Place, privateSessionAt, sessionAt } from './place.js';

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
