import { z } from 'zod';
import type { Store } from '../../../src/state/store.js';
import { installationId, installationSchema, type SlackInstallation } from './installation.js';
import { exclusively, type MutexServices } from './mutex.js';
import type { TokenCipher } from './token-cipher.js';

const listKey = 'slack:installations';
const keyOf = (id: string): string => `slack:installation:${id}`;
const listSchema = z.array(z.string());

/** The installations of many workspaces, in the state store, encrypted. */
export class InstallationStore {
  readonly #services: MutexServices & { readonly store: Pick<Store, 'platform' | 'lease'> };
  readonly #cipher: TokenCipher;

  constructor(
    services: MutexServices & { readonly store: Pick<Store, 'platform' | 'lease'> },
    cipher: TokenCipher,
  ) {
    this.#services = services;
    this.#cipher = cipher;
  }

  async save(installation: SlackInstallation): Promise<void> {
    const id = installationId(installation);
    const key = keyOf(id);
    await this.#services.store.platform.set(key, this.#cipher.encrypt(JSON.stringify(installation), key));
    await this.#changeList((ids) => (ids.includes(id) ? ids : [...ids, id]));
  }

  /** @throws RapportError RAPPORT_E_SLACK_KEY when it was encrypted with another key. */
  async get(id: string): Promise<SlackInstallation | null> {
    const key = keyOf(id);
    const sealed = await this.#services.store.platform.get(key);
    return sealed === null
      ? null
      : installationSchema.parse(JSON.parse(this.#cipher.decrypt(sealed, key)) as unknown);
  }

  async remove(id: string): Promise<void> {
    await this.#services.store.platform.remove(keyOf(id));
    await this.#changeList((ids) => ids.filter((known) => known !== id));
  }

  /** Ids of all workspaces and organisations. */
  async list(): Promise<readonly string[]> {
    const text = await this.#services.store.platform.get(listKey);
    return text === null ? [] : listSchema.parse(JSON.parse(text) as unknown);
  }

  #changeList(change: (ids: readonly string[]) => readonly string[]): Promise<void> {
    return exclusively(this.#services, 'installations', async () => {
      await this.#services.store.platform.set(listKey, JSON.stringify(change(await this.list())));
    });
  }
}
