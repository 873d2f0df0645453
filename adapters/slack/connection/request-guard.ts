import { verifySlackRequest } from '@slack/bolt';
import type { Clock } from '../../../src/clock.js';
import { Recent } from '../api/recent.js';

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
  readonly #seen: Recent<true>;

  constructor(secret: string, clock: Clock) {
    this.#secret = secret;
    this.#clock = clock;
    this.#seen = new Recent(remembered, 2 * skewS * 1_000, () => clock.now());
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
