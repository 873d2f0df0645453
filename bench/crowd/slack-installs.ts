import { InstallationStore, TokenCipher } from '../../adapters/slack/install/installation-store.js';
import { botScopes } from '../../adapters/slack/manifest/manifest.js';
import type { Core } from '../../app/core.js';
import type { LoadedConfig } from '../../config/load.js';
import type { Secrets } from '../../config/secrets.js';
import type { SlackWorkspace } from '../slack-crowd.js';

const encryptionKey = Buffer.alloc(32, 1).toString('base64');

/** Secrets of one workspace's app, or of one that many workspaces install. */
export function slackSecrets(
  appToken: string,
  [first, ...others]: readonly [SlackWorkspace, ...SlackWorkspace[]],
): Secrets {
  return others.length === 0
    ? { SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: first.token }
    : {
        SLACK_APP_TOKEN: appToken,
        SLACK_CLIENT_ID: 'client',
        SLACK_CLIENT_SECRET: 'secret',
        SLACK_STATE_SECRET: 'state',
        SLACK_ENCRYPTION_KEY: encryptionKey,
      };
}

/** The configuration of that app. */
export function slackConfig(loaded: LoadedConfig, apiUrl: string, secrets: Secrets): LoadedConfig {
  const { config } = loaded;
  return {
    ...loaded,
    secrets: { ...loaded.secrets, ...secrets },
    config: {
      ...config,
      slack: { ...config.slack, apiUrl, port: 0, publicUrl: 'https://rapport.example.com' },
    },
  };
}

/** Every workspace has installed the app. */
export async function installIn(
  { store, services }: Core,
  appId: string,
  workspaces: readonly SlackWorkspace[],
): Promise<void> {
  const { clock, random } = services;
  const installations = new InstallationStore({ store, clock, random }, new TokenCipher(encryptionKey));
  for (const { id, name, token, botId, botUser } of workspaces)
    await installations.save({
      team: id,
      enterprise: null,
      name,
      appId,
      installedBy: 'U1',
      installedAt: clock.now(),
      scopes: [...botScopes],
      bot: { token, id: botId, userId: botUser },
    });
}
