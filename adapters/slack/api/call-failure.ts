import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { reasonOf } from '../../../config/errors.js';

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
