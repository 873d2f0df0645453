import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import { type WebAPICallResult, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { TokenSource } from '../install/tokens.js';
import { callFailure, deadTokenErrors } from './call-failure.js';
import { MethodLimits } from './call-pace.js';

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

/** Clients kept; beyond that the one unused for longest goes. */
const maxClients = 500;

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
    if (this.#clients.size > maxClients) {
      const [oldest] = this.#clients.keys();
      if (oldest !== undefined) this.#clients.delete(oldest);
    }
    return client;
  }
}

export interface WorkspaceClientOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly logger: SlackLogger;
  readonly limits: MethodLimits;
  /** Names the workspace in every call: an organisation's token needs it. */
  readonly team?: string;
  /** The token is over. */
  readonly onDeadToken: (error: string) => void;
}

/**
 * A WebClient that makes every call exactly once: what happens after a failure is decided where it is known what the call
 * was for. A method that is rate limited is not called again before its time.
 */
export class WorkspaceClient extends WebClient {
  readonly #limits: MethodLimits;
  readonly #onDeadToken: (error: string) => void;

  constructor({ token, apiUrl, timeoutMs, logger, limits, team, onDeadToken }: WorkspaceClientOptions) {
    super(token, {
      slackApiUrl: apiUrl,
      timeout: timeoutMs,
      logger,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      ...(team !== undefined && { teamId: team }),
    });
    this.#limits = limits;
    this.#onDeadToken = onDeadToken;
  }

  override async apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    const { channel } = options;
    const wait = this.#limits.waitMs(method, channel);
    if (wait > 0) throw new WebAPIRateLimitedError(Math.ceil(wait / 1_000));
    try {
      return await super.apiCall(method, options);
    } catch (error) {
      const failure = callFailure(error);
      if (failure.kind === 'limited') this.#limits.rest(method, channel, failure.retryAfterMs);
      if (failure.kind === 'refused' && deadTokenErrors.has(failure.error)) this.#onDeadToken(failure.error);
      throw error;
    }
  }
}

/**
 * Rapport's log for Slack's libraries. Their debug and info lines hold the payloads of events, which are words of
 * people: those are never written. What they call an error they mostly recover from.
 */
export function boltLogger(logger: Logger): SlackLogger {
  const own = logger.child({ part: 'slack' });
  const line = (parts: readonly unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 500);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => own.debug({}, line(parts)),
    error: (...parts) => own.warn({}, line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
