import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { RapportError, reasonOf } from '../../../config/errors.js';
import { deliveryRefused } from '../../../src/delivery/refusal.js';

/** How a call of the Web API failed. */
export type CallFailure =
  /** `{ok: false, error}`: Slack understood and said no. */
  | { readonly kind: 'refused'; readonly error: string; readonly needed: string | null }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** A 5xx, a time-out, a broken connection: whether the call took effect is not known. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Reads what a WebClient threw. */
export function callFailure(thrown: unknown): CallFailure {
  if (thrown instanceof WebAPIPlatformError) {
    const { error, needed } = thrown.data as { readonly error: string; readonly needed?: unknown };
    return { kind: 'refused', error, needed: typeof needed === 'string' ? needed : null };
  }
  if (thrown instanceof WebAPIRateLimitedError)
    return { kind: 'limited', retryAfterMs: Math.max(1, thrown.retryAfter) * 1_000 };
  if (thrown instanceof WebAPIHTTPError && thrown.statusCode === 429)
    return { kind: 'limited', retryAfterMs: 1_000 };
  return { kind: 'unknown', reason: reasonOf(thrown) };
}

/** In words, for logs and doctor. */
export function failureReason(thrown: unknown): string {
  const failure = callFailure(thrown);
  if (failure.kind === 'limited') return `rate limited for ${Math.ceil(failure.retryAfterMs / 1_000)} s`;
  if (failure.kind === 'unknown') return failure.reason;
  return failure.needed === null ? failure.error : `${failure.error} (needs ${failure.needed})`;
}

/** Errors that say that a token is over: no call with it can succeed until the app is installed again. */
export const deadTokenErrors: ReadonlySet<string> = new Set([
  'account_inactive',
  'app_not_installed',
  'invalid_auth',
  'not_authed',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
]);

/** What an operator can do about an error of Slack's. */
export function cureFor(error: string, needed: string | null = null): string {
  if (error === 'missing_scope')
    return `Add the scope ${needed ?? 'that is missing'} under OAuth & Permissions and install the app again.`;
  if (deadTokenErrors.has(error))
    return 'Install the app in the workspace again and set the new SLACK_BOT_TOKEN (xoxb-…).';
  if (error === 'not_allowed_token_type')
    return 'SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-; they may be mixed up.';
  return 'See the error in the documentation of that method at https://docs.slack.dev/reference/methods.';
}

/** Slack failed inside: the call may have taken effect all the same. */
const unclear: ReadonlySet<string> = new Set(['fatal_error', 'internal_error', 'request_timeout']);

/** Slack says to come again; the call had no effect. */
const passing: ReadonlySet<string> = new Set([
  'accesslimited',
  'external_channel_migrating',
  'messaging_processing_failed',
  'rate_limited',
  'ratelimited',
  'service_unavailable',
  'team_added_to_org',
  'update_failed',
]);

/** A 4xx of something in between, a proxy or a gateway without the method: the call never reached Slack. */
function turnedAway(thrown: unknown): string | null {
  if (!(thrown instanceof WebAPIHTTPError) || thrown.statusCode === 429) return null;
  return thrown.statusCode >= 400 && thrown.statusCode < 500 ? `http_${thrown.statusCode}` : null;
}

/** Whether it is open that a call took effect. */
export function isUnclear(thrown: unknown): boolean {
  if (turnedAway(thrown) !== null) return false;
  const failure = callFailure(thrown);
  return failure.kind === 'unknown' || (failure.kind === 'refused' && unclear.has(failure.error));
}

/** The `error` of Slack's answer (`http_404` and the like for who turned the call away), or null without such an answer. */
export function refusedWith(thrown: unknown): string | null {
  const failure = callFailure(thrown);
  return failure.kind === 'refused' ? failure.error : turnedAway(thrown);
}

/** The wait Slack asks for, ms; 0 where it does not. */
export function askedToWaitMs(thrown: unknown): number {
  const failure = callFailure(thrown);
  return failure.kind === 'limited' ? failure.retryAfterMs : 0;
}

/** Whether a token may not show a message under another name and face. */
export function lacksCustomize(thrown: unknown): boolean {
  const failure = callFailure(thrown);
  return (
    failure.kind === 'refused' &&
    failure.error === 'missing_scope' &&
    (failure.needed ?? '').includes('chat:write.customize')
  );
}

/** What the core is told about a failed call: see {@link deliveryRefused}. */
export function sendFailure(thrown: unknown): RapportError {
  if (thrown instanceof RapportError) {
    if (thrown.code === 'RAPPORT_E_DELIVERY_FAILED') return thrown;
    // No token there is for good; a store or a renewal that fails now may work later.
    return deliveryRefused('slack', { reason: thrown.message, permanent: !thrown.retryable }, thrown);
  }
  const failure = callFailure(thrown);
  const reason = failureReason(thrown);
  if (failure.kind === 'limited')
    return deliveryRefused('slack', { reason, retryAfterMs: failure.retryAfterMs }, thrown);
  if (isUnclear(thrown)) return deliveryRefused('slack', { reason, ambiguous: true }, thrown);
  const permanent = failure.kind === 'refused' && !passing.has(failure.error);
  return deliveryRefused('slack', { reason, permanent }, thrown);
}
