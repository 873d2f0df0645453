import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/load.js';
import { systemClock } from '../src/clock.js';
import type { Store } from '../src/state/store.js';
import { openEmbeddedStore } from '../state/embedded/embedded-store.js';
import { openRedisStore } from '../state/redis/redis-store.js';

/** Redis where an address is set, else a file in the data folder. */
export function openStore({ config, secrets }: LoadedConfig): Promise<Store> {
  const { transcriptCap, dedupeHours, synchronous } = config.state;
  const common = {
    clock: systemClock,
    transcriptCap,
    dedupeMs: dedupeHours * 3_600_000,
    encryptionKey: secrets.RAPPORT_ENCRYPTION_KEY,
  };
  return secrets.REDIS_URL
    ? openRedisStore({ ...common, url: secrets.REDIS_URL })
    : openEmbeddedStore({ ...common, dataDir: resolve(config.data.dir), synchronous });
}
