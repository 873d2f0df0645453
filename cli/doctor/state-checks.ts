import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { type Check, failedCheck } from '../../adapters/platform.js';
import { openStore } from '../../app/store.js';
import { RapportError } from '../../config/errors.js';
import { makeFolder } from '../../config/folder.js';
import type { LoadedConfig } from '../../config/load.js';
import type { EncryptionState, Store } from '../../src/state/store.js';

/** Is the store there, could conversations be lost in it, and is it encrypted. */
export async function storeChecks(loaded: LoadedConfig): Promise<Check[]> {
  try {
    const store = await openStore(loaded);
    try {
      const encryption = await store.encryption.state();
      return [await healthCheck(store, encryption), ...(encryption ? [encryptionCheck(encryption)] : [])];
    } finally {
      await store.close();
    }
  } catch (error) {
    return [failedCheck('store', error)];
  }
}

async function healthCheck(store: Store, encryption: EncryptionState | null): Promise<Check> {
  const name = 'store';
  const { ok, detail: place, warnings } = await store.health();
  // One line less on the screen of whoever has no key.
  const detail = encryption
    ? place
    : `${place}; texts are kept as they are (RAPPORT_ENCRYPTION_KEY encrypts them)`;
  if (!ok) return failedCheck(name, new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: place }));
  if (warnings.length === 0) return { name, state: 'ok', detail };
  return { name, state: 'warning', detail, cure: warnings.join(' ') };
}

function encryptionCheck({ key, older, plain }: EncryptionState): Check {
  const name = 'texts at rest';
  const detail = `encrypted (AES-256-GCM, key ${key})`;
  if (!older && !plain) return { name, state: 'ok', detail };
  const rest = [...(plain ? ['not at all'] : []), ...(older ? ['by an older key'] : [])].join(' or ');
  return {
    name,
    state: 'warning',
    detail: `${detail}; some may be encrypted ${rest}`,
    cure: 'Run `rapport data encrypt` once every process has the new key.',
  };
}

export function dataDirCheck({ config }: LoadedConfig): Check {
  const name = 'data folder';
  const folder = resolve(config.data.dir);
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return { name, state: 'ok', detail: `${folder} is writable` };
  } catch (error) {
    return {
      ...failedCheck(name, error),
      cure: 'Make the folder writable, or set RAPPORT_DATA_DIR to one that is.',
    };
  }
}
