import type { Clock } from './clock.js';

/** What {@link within} resolves with when the time is up first. */
export const late: unique symbol = Symbol('late');

/**
 * Waits for `work`, but no longer than `ms`. The work goes on when the time is up; what becomes of it then, a failure
 * included, is nobody's concern here.
 * @returns what `work` resolves with, or {@link late}. @throws what `work` rejects with in time.
 */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | typeof late> {
  const timer = new AbortController();
  const timeIsUp = clock.sleep(ms, timer.signal).then(
    (): typeof late => late,
    (): typeof late => late,
  );
  try {
    return await Promise.race([work, timeIsUp]);
  } finally {
    timer.abort();
  }
}
