import type { Secrets } from '../../config/secrets.js';

/** Whether an operator has set anything that only Slack needs. */
export function isSlackWanted(secrets: Secrets): boolean {
  return [
    secrets.SLACK_BOT_TOKEN,
    secrets.SLACK_APP_TOKEN,
    secrets.SLACK_SIGNING_SECRET,
    secrets.SLACK_CLIENT_ID,
  ].some((secret) => secret !== undefined);
}
