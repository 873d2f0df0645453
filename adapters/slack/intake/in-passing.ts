import type { Clock } from '../../../src/clock.js';
import { within } from '../../../src/within.js';

/** Slack waits three seconds for an acknowledgement, most of which belongs to what has to be recorded, ms. */
const longestMs = 500;

/** Something that is shown beside the conversation: it is waited for a moment only, and goes on by itself. It must not throw. */
export async function inPassing(clock: Clock, work: Promise<void>): Promise<void> {
  await within(clock, longestMs, work);
}
