import type { API } from '@discordjs/core/http-only';
import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { isLater, snowflakeAt } from '../ids.js';
import { discordCode } from '../send/refusals.js';
import type { HeardMessage } from './read-message.js';

const storedSchema = z.array(z.tuple([z.string().regex(/^\d+$/), z.string().regex(/^\d+$/), z.string()]));

/** Channels remembered a shard; the one longest quiet is forgotten first. */
const remembered = 500;

export interface SeenChannel {
  readonly channel: string;
  /** The last message that was dealt with. */
  readonly message: string;
  readonly guild?: string;
}

export interface LastSeenOptions {
  readonly store: Pick<Store, 'values'>;
  readonly applicationId: string;
  readonly shard: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly writeEveryMs: number;
}

/** Up to where each channel with conversations has been read, kept in the store: where to look for what was missed. */
export class LastSeen {
  readonly #options: LastSeenOptions;
  readonly #key: string;
  readonly #seen = new RecentMap<string, SeenChannel>(remembered);
  #dirty = false;
  #waiting: AbortController | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LastSeenOptions) {
    this.#options = options;
    this.#key = `discord:seen:${options.applicationId}:${options.shard}`;
  }

  /** Adds what another process has left. */
  async load(): Promise<void> {
    const text = await this.#options.store.values.get(this.#key);
    if (text === null) return;
    const parsed = storedSchema.safeParse(parseJson(text));
    for (const [channel, message, guild] of parsed.data ?? [])
      this.#note({ channel, message, ...(guild !== '' && { guild }) });
  }

  /** Every channel, the latest first. */
  get all(): readonly SeenChannel[] {
    return this.#seen
      .entries()
      .map(([, seen]) => seen)
      .reverse();
  }

  has(channel: string): boolean {
    return this.#seen.has(channel);
  }

  /** Notes that everything up to a message of a channel has been dealt with. */
  mark(channel: string, message: string, guild?: string): void {
    if (this.#note({ channel, message, ...(guild !== undefined && { guild }) })) this.#changed();
  }

  /** The channel is gone. */
  forget(channel: string): void {
    if (this.#seen.delete(channel)) this.#changed();
  }

  async flush(): Promise<void> {
    this.#waiting?.abort();
    this.#write();
    await this.#writing;
  }

  #note(seen: SeenChannel): boolean {
    const before = this.#seen.get(seen.channel);
    if (before && !isLater(seen.message, before.message)) return false;
    this.#seen.set(seen.channel, seen);
    return true;
  }

  #changed(): void {
    this.#dirty = true;
    if (this.#waiting) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    const done = (): void => {
      this.#waiting = null;
      if (!waiting.signal.aborted) this.#write();
    };
    this.#options.clock.sleep(this.#options.writeEveryMs, waiting.signal).then(done, done);
  }

  #write(): void {
    this.#writing = this.#writing.then(async () => {
      if (!this.#dirty) return;
      const { store, logger } = this.#options;
      this.#dirty = false;
      const rows = this.#seen
        .entries()
        .map(([channel, { message, guild = '' }]) => [channel, message, guild]);
      try {
        await store.values.set(this.#key, JSON.stringify(rows));
      } catch (error) {
        this.#dirty = true;
        logger.debug({ reason: reasonOf(error) }, 'where the channels were read to was not written');
      }
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

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
