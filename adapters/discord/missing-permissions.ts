import type { API } from '@discordjs/core/http-only';
import { PermissionFlagsBits } from 'discord-api-types/v10';
import { permissionsIn } from './moderators.js';

/** A permission, and what Discord calls it. */
type Wanted = readonly (readonly [bit: bigint, label: string])[];

const view = [PermissionFlagsBits.ViewChannel, 'View Channel'] as const;
const writeInThreads = [PermissionFlagsBits.SendMessagesInThreads, 'Send Messages in Threads'] as const;

/** What the bot needs to write in a channel, or in a thread. */
export const toWrite = (isThread: boolean): Wanted => [
  view,
  isThread ? writeInThreads : [PermissionFlagsBits.SendMessages, 'Send Messages'],
];

/** What it needs to answer a message in a thread of its own. */
export const toOpenThreads: Wanted = [
  view,
  [PermissionFlagsBits.ReadMessageHistory, 'Read Message History'],
  [PermissionFlagsBits.CreatePublicThreads, 'Create Public Threads'],
  writeInThreads,
];

export interface WherePermitted {
  readonly guild?: string | undefined;
  readonly channel: string;
  /** The channel of a thread. */
  readonly parent?: string | undefined;
}

/** Which permissions the bot lacks in a place, by Discord's labels in bold; all that are wanted where Discord does not say. */
export async function missingPermissions(
  api: Pick<API, 'guilds' | 'channels'>,
  userId: string,
  { guild, channel, parent }: WherePermitted,
  wanted: Wanted,
): Promise<string> {
  const listed = (some: Wanted): string => some.map(([, label]) => `**${label}**`).join(', ');
  if (guild === undefined) return listed(wanted);
  try {
    const { roles } = await api.guilds.getMember(guild, userId);
    const place = { id: channel, ...(parent !== undefined && { parent }) };
    const bits = await permissionsIn(api, guild, place, { userId, roles });
    const missing = wanted.filter(([bit]) => bits === null || (bits & bit) === 0n);
    return listed(missing.length > 0 ? missing : wanted);
  } catch {
    return listed(wanted);
  }
}
