import { reasonOf } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../clock.js';
import type { Expiry, Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import { within } from '../within.js';

const dayMs = 24 * 3_600_000;
const sweepMs = 3_600_000;
/** A sweep ends after so long, ms: the next one goes on. */
const longestMs = sweepMs / 2;
/** How long a shutdown waits for what is being removed. */
const stopMs = 1_000;

export interface RetentionServices {
  readonly store: Pick<Store, 'expire' | 'values'>;
  readonly config: Pick<Config, 'privacy'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Removes what is older than the operator keeps it (`privacy.keepDays`): looked for at the start and every hour, by one process. */
export class Retention {
  readonly #services: RetentionServices;
  #sweeper: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();
  readonly #stopped = new AbortController();

  constructor(services: RetentionServices) {
    this.#services = services;
  }

  start(): void {
    if (Object.keys(this.#expiry()).length === 0) return;
    const sweep = (): void => {
      this.#sweeping = this.#sweeping.then(() => this.sweep());
    };
    sweep();
    this.#sweeper = setInterval(sweep, sweepMs);
    this.#sweeper.unref();
  }

  /** Resolves once nothing is being removed any more, or after a second: what is left is for the next sweep. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#sweeper) clearInterval(this.#sweeper);
    await within(this.#services.clock, stopMs, this.#sweeping);
  }

  /** A failure is logged; the next sweep tries again. */
  async sweep(): Promise<void> {
    const { store, clock, logger } = this.#services;
    try {
      const hour = Math.floor(clock.now() / sweepMs);
      if ((await store.values.increment(`retention:${hour}`, 2 * sweepMs)) > 1) return;
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(longestMs)]);
      const { unreadable, ...gone } = await store.expire(this.#expiry(), signal);
      if (unreadable > 0)
        logger.warn(
          { rows: unreadable },
          'what cannot be read was left where it is, for nobody knows how old it is',
        );
      if (Object.values(gone).some((count) => count > 0))
        logger.info(gone, 'what was older than it is kept was removed');
    } catch (error) {
      logger.warn(
        { reason: reasonOf(error) },
        'what is older than it is kept could not be removed; trying again',
      );
    }
  }

  #expiry(): Expiry {
    const { keepDays } = this.#services.config.privacy;
    const before = (days: number): number => this.#services.clock.now() - days * dayMs;
    return {
      ...(keepDays.conversations > 0 && { lines: before(keepDays.conversations) }),
      ...(keepDays.facts > 0 && { facts: before(keepDays.facts) }),
      ...(keepDays.personas > 0 && { personas: before(keepDays.personas) }),
    };
  }
}
