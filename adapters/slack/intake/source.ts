import type { Workspace } from '../api/slack-clients.js';
import type { Envelope } from './events.js';

/** Through which installation something came, and who the bot is there. */
export interface Source {
  readonly workspace: Required<Workspace>;
  /** The bot's user: `U…`. */
  readonly botUser: string;
  /** The bot's own id: `B…`. */
  readonly botId: string;
  readonly appId: string;
  /** The installation is an organisation's. */
  readonly orgWide: boolean;
}

/** The workspace an event came through; null where none is named. In a shared channel the writer's may be another. */
export function workspaceOf(envelope: Omit<Envelope, 'event'>): Required<Workspace> | null {
  const [authorization] = envelope.authorizations ?? [];
  const named = [authorization?.team_id, envelope.context_team_id, envelope.team_id].filter((id) => !!id);
  // Of a channel that several workspaces of an organisation share the organisation itself may be named first.
  const team = named.find((id) => id?.startsWith('T')) ?? named[0];
  if (!team) return null;
  return { team, enterprise: authorization?.enterprise_id ?? envelope.enterprise_id ?? '' };
}
