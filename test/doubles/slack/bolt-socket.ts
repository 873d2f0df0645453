import { SocketModeReceiver } from '@slack/bolt';
import { quiet } from './quiet.js';
import type { SlackDouble } from './slack.js';

type Options = ConstructorParameters<typeof SocketModeReceiver>[0];

/**
 * The socket that Bolt connects with. It comes again only where a test is about that, and then the test waits until it is
 * greeted: Bolt lets nobody wait for its own reconnection, which rejects with nothing when it is told to stop half-way.
 */
export function boltSocket(
  slack: Pick<SlackDouble, 'apiUrl' | 'appToken'>,
  more: Partial<Options> = {},
): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quiet,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
    ...more,
  });
}
