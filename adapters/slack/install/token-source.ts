import type { Workspace } from '../api/slack-clients.js';

/** A bot token, ready to use. */
export interface BotToken {
  readonly token: string;
  readonly botId: string;
  readonly botUserId: string;
  /** The token is an organisation's: calls have to name the workspace. */
  readonly orgWide: boolean;
}

/** Where the tokens of workspaces come from. */
export interface TokenSource {
  /** @throws RapportError RAPPORT_E_SLACK_NOT_INSTALLED, RAPPORT_E_SLACK_KEY, RAPPORT_E_STORE_UNAVAILABLE */
  tokenOf(workspace: Workspace): Promise<BotToken>;
}
