import { setMaxListeners } from 'node:events';
import { reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';

/** How long the answer to our own post may take to tell us its id, ms. */
const judgeAfterMs = 15_000;
const rememberedIds = 2_000;
const sharedMs = 120_000;
const sayEveryMs = 3_600_000;

export interface TwinWatchOptions {
  readonly store: Pick<Store, 'kind' | 'values'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Notices that a second program uses the token: messages of this application appear that no process of this installation
 * has sent. People then get every answer twice.
 */
export class TwinWatch {
  readonly #options: TwinWatchOptions;
  readonly #startedAt: number;
  readonly #sent = new Set<string>();
  readonly #stopping = new AbortController();
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: TwinWatchOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    // A crowd's messages are judged side by side.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Notes a message that this process created. */
  sent(messageId: string): void {
    this.#sent.add(messageId);
    if (this.#sent.size > rememberedIds) {
      const [oldest = ''] = this.#sent;
      this.#sent.delete(oldest);
    }
    const { store, logger } = this.#options;
    // Another process that shares the state may be the one that hears of it.
    if (store.kind === 'redis')
      store.values.set(keyOf(messageId), '1', sharedMs).catch((error: unknown) => {
        logger.debug({ reason: reasonOf(error) }, 'a sent message was not noted for the other processes');
      });
  }

  /**
   * A message of our application appeared.
   * @param at when it was created, ms since the epoch.
   */
  appeared(messageId: string, at: number): void {
    // What an earlier run sent in its last moments is told to this one.
    if (at < this.#startedAt + judgeAfterMs || this.#sent.has(messageId)) return;
    void this.#judge(messageId);
  }

  stop(): void {
    this.#stopping.abort(new Error('stopped'));
  }

  async #judge(messageId: string): Promise<void> {
    const { store, clock, logger } = this.#options;
    try {
      await clock.sleep(judgeAfterMs, this.#stopping.signal);
      if (this.#sent.has(messageId) || (await store.values.get(keyOf(messageId))) !== null) return;
    } catch (error) {
      logger.debug({ reason: reasonOf(error) }, 'a message of our own was not looked up');
      return;
    }
    if (clock.now() - this.#saidAt < sayEveryMs) return;
    this.#saidAt = clock.now();
    logger.warn(
      {
        message: messageId,
        cure: 'Stop the other program, or reset the token (Bot, Reset Token) and set the new one here.',
      },
      'a second program uses this DISCORD_TOKEN: it sent a message that this installation did not; people are answered twice',
    );
  }
}

const keyOf = (messageId: string): string => `discord:sent:${messageId}`;
