import type { Logger as SlackLogger } from '@slack/bolt';
import { type WebAPICallResult, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { callFailure, deadTokenErrors } from './call-failure.js';
import type { MethodLimits } from './method-limits.js';

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
