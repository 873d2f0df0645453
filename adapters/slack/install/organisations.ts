import { z } from 'zod';
import type { Store } from '../../../src/state/store.js';
import { exclusively, type MutexServices } from './mutex.js';

const keyOf = (enterprise: string): string => `slack:organisation:${enterprise}`;
const teamsSchema = z.array(z.string());

/** Which workspaces of an organisation have used an org-wide installation: their data goes when the app is removed from it. */
export class Organisations {
  readonly #services: MutexServices & { readonly store: Pick<Store, 'platform' | 'lease'> };
  readonly #known = new Set<string>();

  constructor(services: MutexServices & { readonly store: Pick<Store, 'platform' | 'lease'> }) {
    this.#services = services;
  }

  /** A workspace was seen. Written down once a process. */
  async note(enterprise: string, team: string): Promise<void> {
    const mark = `${enterprise}:${team}`;
    if (this.#known.has(mark)) return;
    await exclusively(this.#services, `organisation:${enterprise}`, async () => {
      const teams = await this.teamsOf(enterprise);
      if (!teams.includes(team))
        await this.#services.store.platform.set(keyOf(enterprise), JSON.stringify([...teams, team]));
    });
    this.#known.add(mark);
  }

  async teamsOf(enterprise: string): Promise<readonly string[]> {
    const text = await this.#services.store.platform.get(keyOf(enterprise));
    return text === null ? [] : teamsSchema.parse(JSON.parse(text) as unknown);
  }
}
