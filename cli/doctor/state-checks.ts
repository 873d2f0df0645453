import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Check, failedCheck } from '../../adapters/platform.js';
import { openStore } from '../../app/store.js';
import { RapportError } from '../../config/errors.js';
import type { LoadedConfig } from '../../config/load.js';

/** Is the store there, and could conversations be lost in it. */
export async function storeCheck(loaded: LoadedConfig): Promise<Check> {
  const name = 'store';
  try {
    const store = await openStore(loaded);
    try {
      const { ok, detail, warnings } = await store.health();
      if (!ok) return failedCheck(name, new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: detail }));
      if (warnings.length === 0) return { name, state: 'ok', detail };
      return { name, state: 'warning', detail, cure: warnings.join(' ') };
    } finally {
      await store.close();
    }
  } catch (error) {
    return failedCheck(name, error);
  }
}

export function dataDirCheck({ config }: LoadedConfig): Check {
  const name = 'data folder';
  const folder = resolve(config.data.dir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return { name, state: 'ok', detail: `${folder} is writable` };
  } catch (error) {
    return {
      ...failedCheck(name, error),
      cure: 'Make the folder writable, or set RAPPORT_DATA_DIR to one that is.',
    };
  }
}
