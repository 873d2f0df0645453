import type { Lease, Store } from '../state/store.js';

/** Renews a lease three times per lifetime until stopped; calls `onLost` once when another holder has it or the store is away too long. */
export function keepAlive(
  store: Pick<Store, 'lease'>,
  lease: Lease,
  leaseMs: number,
  onLost: () => void,
): () => void {
  let failures = 0;
  const timer = setInterval(async () => {
    const alive = await store.lease.renew(lease, leaseMs).then(
      (renewed) => {
        failures = 0;
        return renewed;
      },
      () => {
        failures += 1;
        return failures < 3;
      },
    );
    if (!alive) {
      clearInterval(timer);
      onLost();
    }
  }, leaseMs / 3);
  timer.unref();
  return () => clearInterval(timer);
}
