import type { CommandServices } from '../../../src/commands/command-services.js';
import { RecentMap } from '../../../src/recent-map.js';

/** One event type is warned about once in so long, ms. */
const warnEveryMs = 24 * 3_600_000;

/** Events whose form is not known: counted, and named once a day for each type. */
export class UnreadEvents {
  readonly #services: Pick<CommandServices, 'logger' | 'metrics'>;
  readonly #warned: RecentMap<string, true>;

  constructor(services: Pick<CommandServices, 'logger' | 'metrics' | 'clock'>) {
    this.#services = services;
    this.#warned = new RecentMap(100, { ms: warnEveryMs, clock: services.clock });
  }

  /** @param problems what does not fit; nothing of what somebody wrote. */
  note(type: string, problems: readonly string[]): void {
    const { logger, metrics } = this.#services;
    metrics.unreadEvents.inc({ platform: 'slack' });
    if (this.#warned.has(type)) return;
    this.#warned.set(type, true);
    logger.warn(
      { type: type.slice(0, 80), problems: problems.slice(0, 5) },
      'an event of Slack has an unknown form; more of its kind are only counted (rapport_unread_events_total)',
    );
  }
}
