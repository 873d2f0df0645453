import type { WebClient } from '@slack/web-api';

/** Whose token a call is made with. */
export interface Workspace {
  readonly team: string;
  /** Where the app is installed for a whole organisation; '' or absent else. */
  readonly enterprise?: string;
}

/** The Web API of the workspaces the app is installed in. */
export interface SlackClients {
  /**
   * A client that makes each call once: no retries of the SDK, and a method that is rate limited is refused at once
   * (`WebAPIRateLimitedError`) until its time has passed. Ask again for every call, since tokens rotate.
   * @throws RapportError RAPPORT_E_SLACK_NOT_INSTALLED when there is no (valid) token for the workspace.
   */
  of(workspace: Workspace): Promise<WebClient>;
}
