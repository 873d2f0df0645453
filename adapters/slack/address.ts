import type { ReplyAddress } from '../../src/delivery/adapter.js';
import {
  type MessageId,
  messageId,
  type PersonId,
  personId,
  type SessionId,
  sessionId,
} from '../../src/ids.js';

/**
 * Where a reply goes on Slack. Plain strings, since it is stored with the session and the outbox. `channel` is the
 * conversation's id and the key of the rate limit: Slack counts posts by channel.
 */
export interface SlackAddress extends ReplyAddress {
  readonly platform: 'slack';
  /** Conversation id: `D…` a direct message, `C…` a channel, `G…` a group. */
  readonly channel: string;
  /** Workspace whose token sends. */
  readonly team: string;
  /** Who is answered: the recipient a stream outside a direct message must name. */
  readonly user: string;
  /** The person's own workspace, where it is another one (Slack Connect); else the same as `team`. */
  readonly userTeam: string;
  /** Enterprise whose org-wide installation holds the token, where there is one; '' else. */
  readonly enterprise: string;
  /** Root of the thread the reply belongs to; '' for the conversation itself. */
  readonly thread: string;
  /** The message that is answered: a status is shown under it where there is no thread; '' when there is none. */
  readonly message: string;
}

/** Where somebody writes, as every Slack payload names it. */
export interface SlackPlace {
  readonly team: string;
  readonly enterprise?: string;
  readonly channel: string;
  readonly user: string;
  readonly userTeam?: string;
  readonly thread?: string;
  readonly message?: string;
}

/** The address of a place. */
export function slackAddress(place: SlackPlace): SlackAddress {
  return {
    platform: 'slack',
    channel: place.channel,
    team: place.team,
    user: place.user,
    userTeam: place.userTeam ?? place.team,
    enterprise: place.enterprise ?? '',
    thread: place.thread ?? '',
    message: place.message ?? '',
  };
}

/** Reads an address of the core back. @throws Error when it belongs to another platform, which is a programming error. */
export function readSlackAddress(address: ReplyAddress): SlackAddress {
  if (address.platform !== 'slack') throw new Error(`the address of ${address.platform} reached Slack`);
  const { team = '', user = '', userTeam = team, enterprise = '', thread = '', message = '' } = address;
  return { platform: 'slack', channel: address.channel, team, user, userTeam, enterprise, thread, message };
}

/** Whether the conversation is a direct message between one person and the app. */
export const isDirectMessage = (channel: string): boolean => channel.startsWith('D');

/** `slack:<workspace>:<user>`. */
export const slackPerson = (team: string, user: string): PersonId => personId(`slack:${team}:${user}`);

/** The workspace and user of {@link slackPerson}; null for a person of another platform. */
export function readSlackPerson(person: string): { readonly team: string; readonly user: string } | null {
  const [platform, team, user, ...rest] = person.split(':');
  return platform === 'slack' && team && user && rest.length === 0 ? { team, user } : null;
}

/** `slack:<workspace>:<channel>` for a direct message, which is one conversation; with the thread's root elsewhere. */
export function slackSession(team: string, channel: string, thread?: string): SessionId {
  return sessionId(
    isDirectMessage(channel) || !thread ? `slack:${team}:${channel}` : `slack:${team}:${channel}:${thread}`,
  );
}

/** `<channel>:<ts>`: the same for every event that tells of the message. */
export const slackMessage = (channel: string, ts: string): MessageId => messageId(`${channel}:${ts}`);

/** The settings and limits of a workspace are kept under this name. */
export const slackCommunity = (team: string): string => `slack:${team}`;
