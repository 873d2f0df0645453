import { createHmac } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { isJson } from './arguments.js';
import type { Cloud, Json } from './cloud.js';
import type { Ack, Delivery } from './delivery.js';

/** Slack waits this long for an answer, ms. */
export const ackLimitMs = 3_000;

/** How a request is signed, for tests of those that are not in order. */
export interface Signing {
  /** A key other than the app's. */
  readonly secret?: string;
  /** Shift of the timestamp against the wall clock, ms. */
  readonly skewMs?: number;
  /** Headers to leave out. */
  readonly without?: readonly string[];
}

/** One signed request, kept so that it can be sent again byte by byte. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends events, commands and interactions over HTTP as Slack does. */
export class EventSender {
  /** Where the app listens; null while it uses Socket Mode. */
  url: string | null = null;
  readonly requests: SignedRequest[] = [];
  /** Requests that wait for their answer. */
  inFlight = 0;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Sends a delivery; null when the app did not answer in time or was not there. */
  async send(
    delivery: Delivery,
    retry: { readonly attempt: number; readonly reason: string } | null,
    signing: Signing = {},
  ): Promise<{ readonly ack: Ack | null; readonly reason: string; readonly noRetry: boolean }> {
    const form = delivery.type !== 'events_api';
    const body = bodyOf(delivery);
    const request = this.sign(body, form, signing, {
      ...(retry ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason } : {}),
    });
    const started = performance.now();
    try {
      const response = await this.transmit(request);
      const latencyMs = performance.now() - started;
      const ack: Ack = {
        payload: response.payload,
        latencyMs,
        attempt: retry?.attempt ?? 0,
        status: response.status,
      };
      const fine = response.status >= 200 && response.status < 300;
      return { ack: fine ? ack : null, reason: 'http_error', noRetry: response.noRetry };
    } catch (thrown) {
      const timeout = thrown instanceof DOMException && thrown.name === 'TimeoutError';
      return { ack: null, reason: timeout ? 'http_timeout' : 'connection_failed', noRetry: false };
    }
  }

  /** Signs a body (v0: HMAC-SHA256 over `v0:<timestamp>:<body>`). */
  sign(body: string, form: boolean, signing: Signing = {}, more: Record<string, string> = {}): SignedRequest {
    if (!this.url) throw new Error('no address to send events to');
    const timestamp = String(Math.floor((Date.now() + (signing.skewMs ?? 0)) / 1000));
    const secret = signing.secret ?? this.#cloud.app.signingSecret;
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const headers: Record<string, string> = {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
      ...more,
    };
    for (const name of signing.without ?? []) delete headers[name];
    return { url: this.url, headers, body };
  }

  /** Sends a request as it is, once more if you like. */
  async transmit(request: SignedRequest): Promise<{
    readonly status: number;
    readonly payload: Json;
    readonly text: string;
    readonly noRetry: boolean;
  }> {
    this.requests.push(request);
    this.inFlight += 1;
    try {
      const response = await fetch(request.url, {
        method: 'POST',
        headers: request.headers,
        body: request.body,
        signal: AbortSignal.timeout(ackLimitMs),
      });
      const text = await response.text();
      const noRetry = response.headers.get('x-slack-no-retry') === '1';
      return { status: response.status, payload: parsed(text), text, noRetry };
    } finally {
      this.inFlight -= 1;
    }
  }
}

function parsed(text: string): Json {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : { text };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { text };
    throw thrown;
  }
}

function bodyOf({ type, payload }: Delivery): string {
  if (type === 'events_api') return JSON.stringify(payload);
  const form = new URLSearchParams();
  if (type === 'interactive') form.set('payload', JSON.stringify(payload));
  else for (const [name, value] of Object.entries(payload)) form.set(name, String(value));
  return form.toString();
}
