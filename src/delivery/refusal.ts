import { type ErrorWith, isRapportError, RapportError, reasonOf } from '../../config/errors.js';
import type { PlatformName } from './adapter.js';

/** What a failed post or edit means for the next step. */
export interface Refusal {
  readonly reason: string;
  /** Trying the same again cannot help: no permission, or the message or channel is gone. */
  readonly permanent: boolean;
  /** The platform may have accepted the call although it failed here (a lost response). */
  readonly ambiguous: boolean;
  /** The platform's own wish, ms. */
  readonly retryAfterMs: number;
}

/**
 * The error an adapter rejects `post` and `edit` with. The core reads `details.permanent`, `details.ambiguous` (true or
 * absent) and `details.retryAfterMs` (ms).
 */
export function deliveryRefused(
  platform: PlatformName,
  refusal: Partial<Refusal> & Pick<Refusal, 'reason'>,
  cause?: unknown,
): RapportError {
  return new RapportError(
    'RAPPORT_E_DELIVERY_FAILED',
    {
      platform,
      reason: refusal.reason,
      ...(refusal.permanent && { permanent: true }),
      ...(refusal.ambiguous && { ambiguous: true }),
      ...(refusal.retryAfterMs && { retryAfterMs: refusal.retryAfterMs }),
    },
    cause,
  );
}

/** Whether the platform refused (and not the store or the program failed). */
export function isRefusal(thrown: unknown): thrown is ErrorWith<'RAPPORT_E_DELIVERY_FAILED'> {
  return isRapportError(thrown, 'RAPPORT_E_DELIVERY_FAILED');
}

/** Reads what an adapter threw. Anything but a RAPPORT_E_DELIVERY_FAILED leaves open whether the call was accepted. */
export function readRefusal(thrown: unknown): Refusal {
  if (!isRefusal(thrown)) {
    return { reason: reasonOf(thrown), permanent: false, ambiguous: true, retryAfterMs: 0 };
  }
  const { reason, permanent = false, ambiguous = false, retryAfterMs = 0 } = thrown.details;
  return { reason: String(reason), permanent, ambiguous, retryAfterMs };
}

/** Whether a delivery was refused so that trying it again, now or later, cannot help. */
export function isHopeless(thrown: unknown): thrown is RapportError {
  return isRefusal(thrown) && readRefusal(thrown).permanent;
}

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;

/** Pause before try number `failures + 1`, ms: doubling, capped, never shorter than the platform asks. */
export function backoffMs(failures: number, retryAfterMs: number): number {
  return Math.max(retryAfterMs, Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1)));
}
