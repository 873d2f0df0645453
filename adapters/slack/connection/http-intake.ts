import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, type HTTPReceiver, verifySlackRequest } from '@slack/bolt';
import { RapportError } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { Intake } from './recorded-first.js';

export const paths = {
  events: '/slack/events',
  install: '/slack/install',
  redirect: '/slack/oauth_redirect',
  health: '/healthz',
} as const;

/** The largest body Slack sends is far below this, bytes. */
const largestBody = 1_048_576;

export interface HttpIntakeOptions {
  readonly host: string;
  readonly port: number;
  readonly receiver: HTTPReceiver;
  /** Null where events come over sockets and only the pages of the installation are served. */
  readonly guard: RequestGuard | null;
  /** Whether people can install the app here. */
  readonly installable: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Slack's requests over HTTP, and the pages that install the app. Every request is checked here, before Bolt sees it:
 * forged, replayed and skewed ones are refused.
 */
export class HttpIntake implements Intake {
  readonly #options: HttpIntakeOptions;
  readonly #server: Server;
  #toldOfSkewAt = Number.NEGATIVE_INFINITY;

  constructor(options: HttpIntakeOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        options.logger.warn({ reason: String(error) }, 'a request to the Slack port failed');
        if (!response.headersSent) end(response, 500);
      });
    });
  }

  /** The port listened on. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  init(app: Pick<App, 'processEvent'>): void {
    // Of the app a receiver only ever calls this one method.
    this.#options.receiver.init(app as App);
  }

  /** @throws RapportError RAPPORT_E_PORT_IN_USE */
  start(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new RapportError('RAPPORT_E_PORT_IN_USE', { port, host }, error)
            : error,
        ),
      );
      this.#server.listen(port, host, resolve);
    });
  }

  /** Takes no new requests; those being handled are answered. */
  stop(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { guard, receiver, installable } = this.#options;
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (request.method === 'GET' && path === paths.health) return end(response, 200);
    if (request.method === 'GET' && installable && (path === paths.install || path === paths.redirect))
      return receiver.requestListener(request, response);
    if (request.method !== 'POST' || path !== paths.events || !guard) return end(response, 404);
    const body = await readBody(request);
    if (body === null) return end(response, 413);
    const signature = header(request, 'x-slack-signature');
    const timestamp = header(request, 'x-slack-request-timestamp');
    const refusal = guard.check({ signature, timestamp, body: body.toString() });
    if (refusal) {
      this.#refused(refusal.reason, refusal.reason === 'skewed' ? refusal.seconds : null);
      return end(response, 401);
    }
    // Bolt reads fields of whatever the body holds.
    if (!holdsFields(body.toString(), header(request, 'content-type'))) return end(response, 400);
    response.once('close', () => {
      if (response.statusCode >= 300 || !response.writableEnded) guard.release(signature ?? '');
    });
    receiver.requestListener(Object.assign(request, { rawBody: body }), response);
  }

  #refused(reason: string, skew: number | null): void {
    const { logger, clock } = this.#options;
    const now = clock.elapsed();
    if (skew === null || now - this.#toldOfSkewAt < 60_000) {
      logger.debug({ reason }, 'a request to the Slack port was refused');
      return;
    }
    this.#toldOfSkewAt = now;
    logger.error(
      {
        seconds: skew,
        cure: 'Set the clock of this machine (NTP); Slack allows a difference of five minutes.',
      },
      'requests that Slack signed are refused because the clocks differ',
    );
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Whether a body is a form or a JSON object, and what a form carries as its `payload` is one. */
function holdsFields(body: string, contentType = ''): boolean {
  const isForm = contentType.startsWith('application/x-www-form-urlencoded');
  const json = isForm ? new URLSearchParams(body).get('payload') : body;
  return json === null || /^\s*\{/.test(json);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** Slack's own bound on the age of a request, s. */
const skewS = 300;
/** Requests remembered against a replay; Slack sends at most 30,000 events an hour from one workspace. */
const remembered = 50_000;

export type Refusal =
  | { readonly reason: 'unsigned' | 'forged' | 'replayed' }
  /** Signed by Slack, but the clocks differ by more than five minutes, or the request was kept back. */
  | { readonly reason: 'skewed'; readonly seconds: number };

export interface SignedRequest {
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  readonly body: string;
}

/**
 * Whether a request comes from Slack, just now, and for the first time (v0 signatures: HMAC-SHA-256 over time and body).
 * Slack sends a failed request again with a new time, so with a new signature.
 */
export class RequestGuard {
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #seen: RecentMap<string, true>;

  constructor(secret: string, clock: Clock) {
    this.#secret = secret;
    this.#clock = clock;
    // By the clock that the age of a request is told by.
    this.#seen = new RecentMap(remembered, { ms: 2 * skewS * 1_000, clock: { elapsed: () => clock.now() } });
  }

  /** Null when the request may be handled; from then on its like is a replay. */
  check({ signature, timestamp, body }: SignedRequest): Refusal | null {
    if (!signature || !/^\d{1,12}$/.test(timestamp ?? '')) return { reason: 'unsigned' };
    const at = Number(timestamp);
    if (!isSigned(this.#secret, signature, at, body)) return { reason: 'forged' };
    const seconds = this.#clock.now() / 1_000 - at;
    if (Math.abs(seconds) > skewS) return { reason: 'skewed', seconds: Math.round(seconds) };
    if (this.#seen.get(signature)) return { reason: 'replayed' };
    this.#seen.set(signature, true);
    return null;
  }

  /** The request was not handled: Slack may send it again within the same second. */
  release(signature: string): void {
    this.#seen.delete(signature);
  }
}

function isSigned(signingSecret: string, signature: string, at: number, body: string): boolean {
  try {
    verifySlackRequest({
      signingSecret,
      body,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': at },
      nowMilliseconds: at * 1_000,
    });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
