import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { erasePerson } from '../../../src/commands/privacy.js';
import { removeSettings } from '../../../src/commands/settings.js';
import { exclusively, type MutexServices } from '../../../src/state/exclusively.js';
import type { Store } from '../../../src/state/store.js';
import { slackCommunity } from '../address.js';
import { cureFor } from '../api/call-failure.js';

export interface WorkspacesOptions {
  readonly services: Pick<CommandServices, 'store' | 'sessions' | 'clock' | 'random' | 'logger' | 'config'>;
  /** Forgets a workspace's (or organisation's) tokens. */
  readonly forgetTokens: (id: string) => Promise<void>;
}

const erasuresKey = 'slack:erasures';
const erasuresSchema = z.record(z.string(), z.number());
/** How often it is looked for workspaces whose data is to be erased, ms. */
const sweepMs = 60_000;
/** People erased between two looks. */
const batch = 200;
/** A workspace whose token is over is logged once in so long, ms. */
const remindMs = 3_600_000;

/** What a workspace's state is kept under, for doctor. */
const deadTokenKey = (team: string): string => `slack:dead-token:${team}`;

/**
 * The life of a workspace: its token may end, the app may be removed, and after a stated delay everything stored about its
 * people goes. What is due is in the store, so that a restart forgets nothing.
 */
export class Workspaces {
  readonly #options: WorkspacesOptions;
  readonly #told = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(options: WorkspacesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#queueSweep(), sweepMs);
    this.#timer.unref();
    this.#queueSweep();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Slack says that the token of a workspace is over. */
  tokenEnded(team: string, error: string): void {
    const { clock, logger, store } = this.#options.services;
    const now = clock.elapsed();
    if (now - (this.#told.get(team) ?? Number.NEGATIVE_INFINITY) < remindMs) return;
    this.#told.set(team, now);
    logger.error(
      { workspace: team, reason: error, cure: cureFor(error) },
      'Slack does not accept the token of a workspace any more; nobody there is answered',
    );
    store.values
      .set(deadTokenKey(team), JSON.stringify({ error, at: clock.now() }))
      .catch((reason: unknown) => logger.warn({ reason: reasonOf(reason) }, 'the ended token was not noted'));
  }

  /** The app is (again) in a workspace: nothing of it is erased. */
  async installed(id: string): Promise<void> {
    this.#told.delete(id);
    await this.#options.services.store.values.remove(deadTokenKey(id));
    if ((await this.#erasures())[id] === undefined) return;
    await this.#changeErasures((due) => {
      const { [id]: _, ...others } = due;
      return others;
    });
    this.#options.services.logger.info({ workspace: id }, 'the app is back in a workspace; its data stays');
  }

  /** The app was removed from a workspace: its tokens go at once, its data after the stated delay. */
  async removed(id: string): Promise<void> {
    const { services, forgetTokens } = this.#options;
    const hours = services.config.slack.eraseAfterUninstallHours;
    const at = services.clock.now() + hours * 3_600_000;
    // Written down before anything else: should the process end here, the data is erased all the same.
    await this.#changeErasures((due) => ({ ...due, [id]: due[id] ?? at }));
    await forgetTokens(id);
    services.logger.warn(
      { workspace: id, hours },
      'the Slack app was removed from a workspace; its data is erased when the time is over',
    );
  }

  /** Erases what is due. */
  async sweep(): Promise<void> {
    const { clock, logger } = this.#options.services;
    for (const [id, at] of Object.entries(await this.#erasures())) {
      if (at > clock.now()) continue;
      const people = await this.#erase(id);
      await this.#changeErasures((due) => {
        const { [id]: _, ...others } = due;
        return others;
      });
      logger.info({ workspace: id, people }, 'the data of a workspace that removed the app was erased');
    }
  }

  async #erase(id: string): Promise<number> {
    const { services } = this.#options;
    let erased = 0;
    for (;;) {
      const people = await services.store.people.list(`slack:${id}:`, batch);
      if (people.length === 0) break;
      for (const person of people) await erasePerson(services, person);
      erased += people.length;
    }
    await removeSettings(services, slackCommunity(id));
    await services.store.values.remove(deadTokenKey(id));
    return erased;
  }

  #queueSweep(): void {
    this.#sweeping = this.#sweeping
      .then(() => this.sweep())
      .catch((error: unknown) =>
        this.#options.services.logger.warn(
          { reason: reasonOf(error) },
          'erasing the data of removed workspaces failed; it is tried again',
        ),
      );
  }

  async #erasures(): Promise<Readonly<Record<string, number>>> {
    const text = await this.#options.services.store.values.get(erasuresKey);
    return text === null ? {} : erasuresSchema.parse(JSON.parse(text) as unknown);
  }

  #changeErasures(
    change: (due: Readonly<Record<string, number>>) => Readonly<Record<string, number>>,
  ): Promise<void> {
    const { services } = this.#options;
    return exclusively(services, 'slack:erasures', async () => {
      await services.store.values.set(erasuresKey, JSON.stringify(change(await this.#erasures())));
    });
  }
}

const keyOf = (enterprise: string): string => `slack:organisation:${enterprise}`;
const teamsSchema = z.array(z.string());

/** Which workspaces of an organisation have used an org-wide installation: their data goes when the app is removed from it. */
export class Organisations {
  readonly #services: MutexServices & { readonly store: Pick<Store, 'values' | 'lease'> };
  readonly #known = new Set<string>();

  constructor(services: MutexServices & { readonly store: Pick<Store, 'values' | 'lease'> }) {
    this.#services = services;
  }

  /** A workspace was seen. Written down once a process. */
  async note(enterprise: string, team: string): Promise<void> {
    const mark = `${enterprise}:${team}`;
    if (this.#known.has(mark)) return;
    await exclusively(this.#services, `slack:organisation:${enterprise}`, async () => {
      const teams = await this.teamsOf(enterprise);
      if (!teams.includes(team))
        await this.#services.store.values.set(keyOf(enterprise), JSON.stringify([...teams, team]));
    });
    this.#known.add(mark);
  }

  async teamsOf(enterprise: string): Promise<readonly string[]> {
    const text = await this.#services.store.values.get(keyOf(enterprise));
    return text === null ? [] : teamsSchema.parse(JSON.parse(text) as unknown);
  }
}
