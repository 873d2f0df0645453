import { WebAPIHTTPError } from '@slack/web-api';
import { RapportError } from '../../../config/errors.js';
import { deliveryRefused } from '../../../src/delivery/refusal.js';
import { callFailure, failureReason } from '../api/call-failure.js';

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
