import type { API } from '@discordjs/core/http-only';
import { DiscordAPIError } from '@discordjs/rest';
import { ApplicationFlags, GatewayIntentBits } from 'discord-api-types/v10';
import { RapportError } from '../../../config/errors.js';

/** Who the bot is. */
export interface Identity {
  readonly applicationId: string;
  readonly userId: string;
  readonly userName: string;
  /** Whether the application may read messages that do not mention it. */
  readonly mayReadContent: boolean;
}

/**
 * Asks Discord who the token belongs to.
 * @throws RapportError RAPPORT_E_DISCORD_TOKEN when the token is refused; whatever the network throws otherwise.
 */
export async function identityOf(api: Pick<API, 'applications' | 'users'>): Promise<Identity> {
  try {
    const application = await api.applications.getCurrent();
    const user = application.bot ?? (await api.users.getCurrent());
    const flags = application.flags ?? 0;
    const granted = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;
    return {
      applicationId: application.id,
      userId: user.id,
      userName: user.global_name ?? user.username,
      mayReadContent: (flags & granted) !== 0,
    };
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status === 401)
      throw new RapportError('RAPPORT_E_DISCORD_TOKEN', { reason: error.message }, error);
    throw error;
  }
}

/** What the gateway is asked to send: guilds, their messages and direct messages; message content only where it is granted. */
export function intentsFor(readContent: boolean): number {
  const base = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages;
  return readContent ? base | GatewayIntentBits.MessageContent : base;
}
