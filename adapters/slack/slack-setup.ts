import { RapportError } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import type { Secrets } from '../../config/secrets.js';

/** Environment variables that hold Slack's secrets. */
export const slackSecrets = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_STATE_SECRET',
  'SLACK_ENCRYPTION_KEY',
] as const;
type SlackSecret = (typeof slackSecrets)[number];

/** How Slack is connected, as the secrets and the configuration say. */
export interface SlackSetup {
  /** Socket Mode's app-level token; null in HTTP mode. */
  readonly appToken: string | null;
  /** Verifies requests in HTTP mode; null in Socket Mode. */
  readonly signingSecret: string | null;
  /** The one workspace's token; null where workspaces install the app. */
  readonly botToken: string | null;
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly stateSecret: string;
    readonly encryptionKey: string;
    readonly publicUrl: string;
  } | null;
}

/**
 * Puts the secrets together.
 * @throws RapportError RAPPORT_E_SLACK_SETUP naming everything that is missing at once.
 */
export function slackSetup({ mode, publicUrl }: Config['slack'], secrets: Secrets): SlackSetup {
  const problems: string[] = [];
  const needed = (name: SlackSecret, why: string): string => {
    const value = secrets[name];
    if (value === undefined) problems.push(`${name} is missing (${why})`);
    return value ?? '';
  };
  const appToken = mode === 'socket' ? needed('SLACK_APP_TOKEN', 'Socket Mode connects with it') : null;
  const signingSecret =
    mode === 'http' ? needed('SLACK_SIGNING_SECRET', "HTTP mode checks Slack's requests with it") : null;
  const installs = secrets.SLACK_CLIENT_ID !== undefined || secrets.SLACK_CLIENT_SECRET !== undefined;
  const oauth = installs
    ? {
        clientId: needed('SLACK_CLIENT_ID', 'workspaces install the app with it'),
        clientSecret: needed('SLACK_CLIENT_SECRET', 'workspaces install the app with it'),
        stateSecret: needed('SLACK_STATE_SECRET', 'any long random text; protects the installation'),
        encryptionKey: needed('SLACK_ENCRYPTION_KEY', '32 random bytes; tokens are stored under it'),
        publicUrl,
      }
    : null;
  if (oauth && publicUrl === '')
    problems.push('slack.publicUrl (SLACK_PUBLIC_URL) is missing (Slack sends people back there)');
  if (oauth && secrets.SLACK_BOT_TOKEN !== undefined)
    problems.push(
      'SLACK_BOT_TOKEN is for one workspace; with SLACK_CLIENT_ID every workspace installs the app',
    );
  if (!oauth) needed('SLACK_BOT_TOKEN', "the bot's token, or SLACK_CLIENT_ID for many workspaces");
  if (/^xapp-|^xoxp-/.test(secrets.SLACK_BOT_TOKEN ?? ''))
    problems.push('SLACK_BOT_TOKEN is no bot token (those begin with xoxb-)');
  if (/^xox/.test(secrets.SLACK_APP_TOKEN ?? ''))
    problems.push('SLACK_APP_TOKEN is no app-level token (those begin with xapp-)');
  if (problems.length > 0) throw new RapportError('RAPPORT_E_SLACK_SETUP', { problems: problems.join('; ') });
  return { appToken, signingSecret, oauth, botToken: oauth ? null : (secrets.SLACK_BOT_TOKEN ?? null) };
}

/** Whether an operator has set anything that only Slack needs. */
export function isSlackWanted(secrets: Secrets): boolean {
  return [
    secrets.SLACK_BOT_TOKEN,
    secrets.SLACK_APP_TOKEN,
    secrets.SLACK_SIGNING_SECRET,
    secrets.SLACK_CLIENT_ID,
  ].some((secret) => secret !== undefined);
}
