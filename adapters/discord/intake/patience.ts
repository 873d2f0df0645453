import { isRapportError, RapportError, reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { isPassing, waitOf } from '../send/refusals.js';

/** Tries of something that Discord or the network fails at, over about five minutes. */
const maxTries = 14;
const longestWaitMs = 30_000;

/**
 * Does something until it is done: waits for the store for as long as it takes, for Discord for some minutes. What cannot be
 * helped by waiting is logged and counts as done.
 * @returns false where the process ends first: whoever comes next must do it.
 */
export async function patiently(
  work: () => Promise<void>,
  { clock, logger, signal }: { readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<boolean> {
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      if (isRapportError(error, 'RAPPORT_E_SHUTTING_DOWN')) return false;
      const store = isRapportError(error, 'RAPPORT_E_STORE_UNAVAILABLE');
      if (!store && (error instanceof RapportError || !isPassing(error) || tries >= maxTries)) {
        logger.error(
          { tries, reason: reasonOf(error), stack: error instanceof Error ? error.stack : undefined },
          'an event of Discord could not be dealt with',
        );
        return true;
      }
      logger.warn({ tries, reason: reasonOf(error) }, 'an event of Discord must wait; trying again');
      const wait = Math.max(waitOf(error), Math.min(longestWaitMs, 250 * 2 ** (tries - 1)));
      await clock.sleep(wait, signal).catch(() => undefined);
    }
  }
  return false;
}
