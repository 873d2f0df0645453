import type { Clock } from '../../../src/clock.js';

/** Slack waits three seconds for an acknowledgement, most of which belongs to what has to be recorded, ms. */
const longestMs = 500;

/** Something that is shown beside the conversation: it is waited for a moment only, and goes on by itself. It must not throw. */
export async function inPassing(clock: Clock, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = clock.sleep(longestMs, timer.signal).catch(() => undefined);
  await Promise.race([work, late]);
  timer.abort();
}
