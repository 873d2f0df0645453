import {
  type MessageId,
  messageId,
  type PersonId,
  personId,
  type SessionId,
  sessionId,
} from '../../src/ids.js';

/** `discord:<user>`. */
export const discordPerson = (user: string): PersonId => personId(`discord:${user}`);

/** The user of {@link discordPerson}; null for a person of another platform. */
export function userOf(person: string): string | null {
  const [platform, user, ...rest] = person.split(':');
  return platform === 'discord' && user && rest.length === 0 ? user : null;
}

/** A direct message is one conversation. */
export const dmSession = (channel: string): SessionId => sessionId(`discord:dm:${channel}`);

/** A thread is one conversation; one made from a message has that message's id. */
export const threadSession = (thread: string): SessionId => sessionId(`discord:thread:${thread}`);

/** Where no thread can be opened: one conversation a person and channel. */
export const channelSession = (channel: string, user: string): SessionId =>
  sessionId(`discord:channel:${channel}:${user}`);

/** Discord's ids are unique everywhere. */
export const discordMessage = (id: string): MessageId => messageId(id);

/** The settings and limits of a guild are kept under this name. */
export const discordCommunity = (guild: string): string => `discord:${guild}`;

const epoch = 1_420_070_400_000n;

/** When the thing behind an id was created, ms since the epoch. */
export function createdAt(snowflake: string): number {
  return Number((BigInt(snowflake) >> 22n) + epoch);
}

/** The lowest id of a moment. */
export function snowflakeAt(at: number): string {
  const since = BigInt(Math.max(0, Math.floor(at))) - epoch;
  return String((since > 0n ? since : 0n) << 22n);
}

/** Whether id `a` is later than `b`. */
export const isLater = (a: string, b: string): boolean => BigInt(a) > BigInt(b);
