import type { Clock } from '../../../src/clock.js';

/** Slack waits three seconds for an acknowledgement; what takes longer than this is answered afterwards, ms. */
const promptMs = 1_800;

/**
 * Acknowledges within Slack's time: with the result of the work where it is ready, else with `meanwhile`, and the result
 * goes to `later`.
 */
export async function promptly<T>(
  clock: Clock,
  work: Promise<T>,
  {
    ack,
    meanwhile,
    later,
  }: {
    readonly ack: (result: T) => Promise<unknown>;
    readonly meanwhile: () => Promise<unknown>;
    readonly later: (result: T) => Promise<unknown>;
  },
): Promise<void> {
  const timer = new AbortController();
  const late = clock.sleep(promptMs, timer.signal).then(
    () => 'late' as const,
    () => 'late' as const,
  );
  const first = await Promise.race([work.then((result) => ({ result })), late]);
  timer.abort();
  if (first !== 'late') {
    await ack(first.result);
    return;
  }
  await meanwhile();
  await later(await work);
}
