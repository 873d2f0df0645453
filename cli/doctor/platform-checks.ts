import type { LoadedConfig } from '../../config/load.js';
import type { Check } from './check.js';

const notYet = 'the adapter is not part of this version';

/** The platforms that want tokens. */
export function platformChecks({ secrets }: LoadedConfig): Check[] {
  const slack = [secrets.SLACK_BOT_TOKEN, secrets.SLACK_APP_TOKEN].filter(Boolean).length;
  return [
    slack === 2
      ? { name: 'Slack', state: 'off', detail: `SLACK_BOT_TOKEN and SLACK_APP_TOKEN are set; ${notYet}` }
      : {
          name: 'Slack',
          state: slack === 1 ? 'warning' : 'off',
          detail: slack === 1 ? 'one of the two tokens is missing' : 'not configured',
          cure: 'Create an app at https://api.slack.com/apps with Socket Mode, install it, and set SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN (xapp-…).',
        },
  ];
}
