import { type App, type Logger as SlackLogger, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import { RapportError, reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { late, within } from '../../../src/within.js';
import { callFailure, cureFor, failureReason } from '../api/call-failure.js';
import { type Intake, withEvent } from './recorded-first.js';

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly slackLogger: SlackLogger;
  /** How many sockets Slack counts on this app token, ours included. */
  readonly onCount: (connections: number) => void;
}

/** Time from the first step of connecting to Slack's greeting, ms. */
const helloMs = 15_000;
/** Longest pause between two tries, ms. */
const longestPauseMs = 30_000;
/** How long a closing handshake may take, ms. */
const closeMs = 3_000;

/** Errors of apps.connections.open that no waiting cures. */
const fatalErrors = new Set([
  'account_inactive',
  'app_not_eligible',
  'invalid_auth',
  'missing_scope',
  'not_allowed_token_type',
  'not_authed',
  'socket_mode_not_enabled',
  'team_access_not_granted',
  'token_revoked',
]);

const frameSchema = z.looseObject({
  type: z.string(),
  num_connections: z.number().optional(),
  payload: z.record(z.string(), z.unknown()).default({}),
});

type Client = SocketModeReceiver['client'];

/**
 * One socket of Socket Mode that is kept up: it is opened again at once when Slack renews it, and with growing pauses where
 * that fails. (The SDK's own reconnection waits five seconds each time and ends the process when its token is revoked.)
 */
export class SocketConnection implements Intake {
  readonly #options: SocketOptions;
  readonly #receiver: SocketModeReceiver;
  readonly #stopping = new AbortController();
  #connected = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#receiver = new SocketModeReceiver({
      appToken: options.appToken,
      logger: options.slackLogger,
      autoReconnectEnabled: false,
      installerOptions: {
        clientOptions: {
          slackApiUrl: options.apiUrl,
          timeout: options.timeoutMs,
          retryConfig: { retries: 0 },
          rejectRateLimitedCalls: true,
        },
      },
      // Not acknowledged, so that Slack sends it again.
      processEventErrorHandler: async ({ error }) => {
        options.logger.warn({ reason: reasonOf(error) }, 'an event of Slack was not taken; it comes again');
        return false;
      },
    });
    this.#guardFrames(this.#receiver.client);
  }

  get connected(): boolean {
    return this.#connected;
  }

  init(app: Pick<App, 'processEvent'>): void {
    // Of the app a receiver only ever calls this one method.
    this.#receiver.init(app as App);
  }

  /**
   * Resolves when the socket is up, or when the first try has failed for a passing reason: it is tried again then.
   * @throws RapportError RAPPORT_E_SLACK_REFUSED when Slack refuses the app token for good.
   */
  async start(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      const fatal = this.#fatal(error);
      if (fatal) throw fatal;
      this.#options.logger.warn(
        { reason: failureReason(error) },
        'no connection to Slack yet; it is tried again',
      );
    }
    this.#loop = this.#keepUp();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#disconnect();
    await this.#loop;
  }

  async #keepUp(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    for (let failures = this.#connected ? 0 : 1; !signal.aborted; ) {
      if (this.#connected) await this.#closed();
      else {
        await clock
          .sleep(Math.min(longestPauseMs, 1_000 * 2 ** (failures - 1)), signal)
          .catch(() => undefined);
      }
      if (signal.aborted) return;
      try {
        await this.#connect();
        failures = 0;
      } catch (error) {
        failures += 1;
        const fatal = this.#fatal(error);
        if (fatal)
          logger.error(
            { code: fatal.code, cure: fatal.cure, reason: fatal.message },
            'Slack closed the door',
          );
        else
          logger.warn(
            { failures, reason: failureReason(error) },
            'no connection to Slack; it is tried again',
          );
      }
    }
  }

  async #connect(): Promise<void> {
    const { clock } = this.#options;
    const { client } = this.#receiver;
    try {
      if ((await within(clock, helloMs, client.start())) === late)
        throw new Error(`Slack did not greet within ${helloMs} ms`);
      this.#connected = true;
      client.once('disconnected', () => {
        this.#connected = false;
      });
    } catch (error) {
      await this.#disconnect();
      throw error instanceof Error ? error : new Error('the socket closed before Slack greeted');
    }
  }

  #closed(): Promise<void> {
    if (!this.#connected) return Promise.resolve();
    return new Promise((resolve) => {
      this.#receiver.client.once('disconnected', () => resolve());
    });
  }

  async #disconnect(): Promise<void> {
    await within(this.#options.clock, closeMs, this.#receiver.client.disconnect());
  }

  #fatal(error: unknown): RapportError | null {
    const failure = callFailure(error);
    if (failure.kind !== 'refused' || !fatalErrors.has(failure.error)) return null;
    const cure =
      failure.error === 'missing_scope'
        ? 'Give the app-level token the scope connections:write (Basic Information, App-Level Tokens) and set it as SLACK_APP_TOKEN.'
        : failure.error === 'socket_mode_not_enabled'
          ? 'Switch Socket Mode on in the settings of the app, or use slack.mode: http.'
          : failure.error === 'not_allowed_token_type'
            ? cureFor(failure.error)
            : 'Make a new app-level token with connections:write (Basic Information, App-Level Tokens) and set it as SLACK_APP_TOKEN (xapp-…).';
    return new RapportError(
      'RAPPORT_E_SLACK_REFUSED',
      { call: 'apps.connections.open', reason: failure.error, cure },
      error,
    );
  }

  /** The SDK reads `payload.event.type` of every `events_api` frame and fails on the one that has none (`app_rate_limited`). */
  #guardFrames(client: Client): void {
    const { logger, onCount } = this.#options;
    const listeners = client.listeners('ws_message');
    client.removeAllListeners('ws_message');
    client.on('ws_message', (data: unknown, isBinary: boolean) => {
      const frame = readFrame(data);
      if (frame?.type === 'hello' && frame.num_connections !== undefined) onCount(frame.num_connections);
      const passed =
        frame?.type === 'events_api' ? JSON.stringify({ ...frame, payload: withEvent(frame.payload) }) : data;
      for (const listener of listeners)
        Promise.resolve(listener.call(client, passed, isBinary)).catch((error: unknown) =>
          logger.warn({ reason: reasonOf(error) }, 'a message of Slack could not be read'),
        );
    });
  }
}

function readFrame(data: unknown): z.infer<typeof frameSchema> | null {
  if (typeof data !== 'string') return null;
  try {
    return frameSchema.safeParse(JSON.parse(data)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
