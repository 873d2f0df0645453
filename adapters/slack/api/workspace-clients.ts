import type { Logger as SlackLogger } from '@slack/bolt';
import type { Clock } from '../../../src/clock.js';
import type { TokenSource } from '../install/token-source.js';
import { MethodLimits } from './method-limits.js';
import type { SlackClients, Workspace } from './slack-clients.js';
import { WorkspaceClient } from './workspace-client.js';

/** Clients kept; beyond that the one unused for longest goes. */
const mostClients = 500;

export interface WorkspaceClientsOptions {
  readonly tokens: TokenSource;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: SlackLogger;
  /** Slack says that a workspace's token is over. */
  readonly onDeadToken: (workspace: Workspace, error: string) => void;
}

/** A client per workspace, made anew when its token has changed. */
export class WorkspaceClients implements SlackClients {
  readonly #options: WorkspaceClientsOptions;
  readonly #clients = new Map<
    string,
    { readonly token: string; readonly client: WorkspaceClient; readonly limits: MethodLimits }
  >();

  constructor(options: WorkspaceClientsOptions) {
    this.#options = options;
  }

  async of(workspace: Workspace): Promise<WorkspaceClient> {
    const { tokens, apiUrl, timeoutMs, clock, logger, onDeadToken } = this.#options;
    const { token, orgWide } = await tokens.tokenOf(workspace);
    const known = this.#clients.get(workspace.team);
    this.#clients.delete(workspace.team);
    const limits = known?.limits ?? new MethodLimits(clock);
    const client =
      known?.token === token
        ? known.client
        : new WorkspaceClient({
            token,
            apiUrl,
            timeoutMs,
            logger,
            limits,
            ...(orgWide && { team: workspace.team }),
            onDeadToken: (error) => onDeadToken(workspace, error),
          });
    this.#clients.set(workspace.team, { token, client, limits });
    if (this.#clients.size > mostClients) {
      const [oldest] = this.#clients.keys();
      if (oldest !== undefined) this.#clients.delete(oldest);
    }
    return client;
  }
}
