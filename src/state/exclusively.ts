import type { Clock, Random } from '../clock.js';
import { sessionId } from '../ids.js';
import type { Store } from './store.js';

/** Longest time the work may take before another process may begin, ms. */
const heldMs = 30_000;
const pauseMs = 100;

export interface MutexServices {
  readonly store: Pick<Store, 'lease'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Runs `work` while no other process and no other call runs work of the same name (`<platform>:<what>`). */
export async function exclusively<T>(
  { store, clock, random }: MutexServices,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const holder = random.id();
  const lock = sessionId(name.replace(':', ':lock:'));
  for (;;) {
    const lease = await store.lease.acquire(lock, holder, heldMs);
    if (lease) {
      try {
        return await work();
      } finally {
        await store.lease.release(lease);
      }
    }
    await clock.sleep(pauseMs);
  }
}
