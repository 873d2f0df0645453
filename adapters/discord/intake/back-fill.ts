import type { API } from '@discordjs/core/http-only';
import { reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { isLater, snowflakeAt } from '../ids.js';
import { discordCode } from '../send/refusals.js';
import type { HeardMessage } from './heard-message.js';
import type { SeenChannel } from './last-seen.js';

/** Messages a page, and pages a channel: more than that is not answered after an outage. */
const pageSize = 100;
const maxPages = 10;
const atOnce = 4;

export interface BackFillOptions {
  readonly api: Pick<API, 'channels'>;
  /** How old a missed message may be, ms; 0: none are looked for. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reads what was written while nobody listened, from the last message that was dealt with on. */
export class BackFill {
  readonly #options: BackFillOptions;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: BackFillOptions) {
    this.#options = options;
  }

  /**
   * Hands over the missed messages of a channel, oldest first. Never rejects.
   * @returns `gone` where the channel cannot be read any more.
   */
  async run(
    { channel, message, guild }: SeenChannel,
    take: (missed: HeardMessage) => Promise<void>,
  ): Promise<'read' | 'gone' | 'failed'> {
    const { maxAgeMs, clock, logger } = this.#options;
    if (maxAgeMs === 0) return 'read';
    const oldest = snowflakeAt(clock.now() - maxAgeMs);
    let after = isLater(message, oldest) ? message : oldest;
    await this.#enter();
    try {
      for (let page = 0; page < maxPages; page += 1) {
        const found = await this.#options.api.channels.getMessages(channel, { after, limit: pageSize });
        const missed = [...found].sort((a, b) => (isLater(a.id, b.id) ? 1 : -1));
        for (const one of missed) await take({ ...one, ...(guild !== undefined && { guild_id: guild }) });
        after = missed.at(-1)?.id ?? after;
        if (found.length < pageSize) break;
      }
      return 'read';
    } catch (error) {
      logger.info({ channel, reason: reasonOf(error) }, 'the history of a channel could not be read');
      return discordCode(error) === null ? 'failed' : 'gone';
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running >= atOnce)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    else this.#running += 1;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
