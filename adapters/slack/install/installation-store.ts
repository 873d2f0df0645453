import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { KeyRing } from '../../../src/key-ring.js';
import { exclusively, type MutexServices } from '../../../src/state/exclusively.js';
import type { Store } from '../../../src/state/store.js';

const listKey = 'slack:installations';
const keyOf = (id: string): string => `slack:installation:${id}`;
const listSchema = z.array(z.string());

/** The installations of many workspaces, in the state store, encrypted. */
export class InstallationStore {
  readonly #services: MutexServices & { readonly store: Pick<Store, 'values' | 'lease'> };
  readonly #cipher: TokenCipher;

  constructor(
    services: MutexServices & { readonly store: Pick<Store, 'values' | 'lease'> },
    cipher: TokenCipher,
  ) {
    this.#services = services;
    this.#cipher = cipher;
  }

  async save(installation: SlackInstallation): Promise<void> {
    const id = installationId(installation);
    const key = keyOf(id);
    await this.#services.store.values.set(key, this.#cipher.encrypt(JSON.stringify(installation), key));
    await this.#changeList((ids) => (ids.includes(id) ? ids : [...ids, id]));
  }

  /** @throws RapportError RAPPORT_E_SLACK_KEY when it was encrypted with another key. */
  async get(id: string): Promise<SlackInstallation | null> {
    const key = keyOf(id);
    const sealed = await this.#services.store.values.get(key);
    return sealed === null
      ? null
      : installationSchema.parse(JSON.parse(this.#cipher.decrypt(sealed, key)) as unknown);
  }

  async remove(id: string): Promise<void> {
    await this.#services.store.values.remove(keyOf(id));
    await this.#changeList((ids) => ids.filter((known) => known !== id));
  }

  /** Ids of all workspaces and organisations. */
  async list(): Promise<readonly string[]> {
    const text = await this.#services.store.values.get(listKey);
    return text === null ? [] : listSchema.parse(JSON.parse(text) as unknown);
  }

  #changeList(change: (ids: readonly string[]) => readonly string[]): Promise<void> {
    return exclusively(this.#services, 'slack:installations', async () => {
      await this.#services.store.values.set(listKey, JSON.stringify(change(await this.list())));
    });
  }
}

/** What is kept of an installation: the bot's token and what is needed to use and renew it. Nothing of the installing person's rights. */
export const installationSchema = z.object({
  /** Workspace id; null where the app is installed for a whole organisation. */
  team: z.string().nullable(),
  /** Organisation id, where there is one. */
  enterprise: z.string().nullable(),
  /** Name of the workspace or organisation. */
  name: z.string(),
  appId: z.string(),
  installedBy: z.string(),
  installedAt: z.number(),
  scopes: z.array(z.string()),
  bot: z.object({
    token: z.string().min(1),
    id: z.string(),
    userId: z.string(),
    refreshToken: z.string().optional(),
    /** s since the epoch, where tokens rotate. */
    expiresAt: z.number().optional(),
  }),
});

export type SlackInstallation = z.infer<typeof installationSchema>;

/** The id an installation is kept under: the organisation's where it is org-wide. */
export function installationId({ team, enterprise }: Pick<SlackInstallation, 'team' | 'enterprise'>): string {
  const id = team ?? enterprise;
  if (!id) throw new Error('an installation belongs to a workspace or an organisation');
  return id;
}

const refusal = (reason: string, cause?: unknown): RapportError =>
  new RapportError('RAPPORT_E_SLACK_KEY', { reason }, cause);

const refusals = {
  keys: refusal,
  missing: () => refusal('the stored tokens were encrypted with another key'),
  damaged: (_: string, cause?: unknown) => refusal('a stored token is damaged', cause),
};

const version = 'v1.';

/** Encrypts tokens at rest, whether or not the texts of the store are ({@link KeyRing}). */
export class TokenCipher {
  readonly #ring: KeyRing;

  /**
   * @param secret one key or several ({@link KeyRing}).
   * @throws RapportError RAPPORT_E_SLACK_KEY
   */
  constructor(secret: string) {
    this.#ring = new KeyRing(secret, refusals);
  }

  /** @param name it is stored under: one workspace's token cannot be put in another's place. */
  encrypt(plain: string, name: string): string {
    return version + this.#ring.seal(plain, name);
  }

  /** @throws RapportError RAPPORT_E_SLACK_KEY when no key fits, or the value was changed or moved. */
  decrypt(sealed: string, name: string): string {
    if (!sealed.startsWith(version)) throw refusals.missing();
    return this.#ring.open(sealed.slice(version.length), name);
  }
}
