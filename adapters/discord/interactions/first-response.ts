import { RapportError } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';

/** What has to be known before the first response must be here by then: Discord waits 3 s, the way there and back included. */
const patienceMs = 1_500;

/**
 * A value that a first response needs (a form cannot be opened after a deferral).
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE when it takes too long.
 */
export async function inTime<T>(clock: Clock, wanted: Promise<T>, ms = patienceMs): Promise<T> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).then(() => {
    throw new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: `no answer within ${ms} ms` });
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    timer.abort();
    // Whoever lost the race has nobody left to tell.
    wanted.catch(() => undefined);
    late.catch(() => undefined);
  }
}
