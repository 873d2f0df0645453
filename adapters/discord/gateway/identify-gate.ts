import type { IIdentifyThrottler } from '@discordjs/ws';
import type { APIGatewayBotInfo } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { Clock, Random } from '../../../src/clock.js';
import { sessionId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';

export interface IdentifyGateOptions {
  readonly store: Pick<Store, 'lease'>;
  readonly applicationId: string;
  /** `GET /gateway/bot`, fresh. */
  readonly gatewayInfo: () => Promise<APIGatewayBotInfo>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Pause between two IDENTIFYs of one concurrency key (Discord: 5 s). */
  readonly intervalMs: number;
}

const longestBackOffMs = 300_000;
const pollMs = 250;

/**
 * When a shard may IDENTIFY: one in 5 s per key `shard mod max_concurrency`, over every process that shares the store; never
 * once the day's session starts are used up (Discord resets the token then); slower and slower where it does not lead to READY.
 */
export class IdentifyGate implements IIdentifyThrottler {
  readonly #options: IdentifyGateOptions;
  readonly #tries = new Map<number, number>();

  constructor(options: IdentifyGateOptions) {
    this.#options = options;
  }

  /** The shard is ready: its next IDENTIFY is the first again. */
  ready(shard: number): void {
    this.#tries.delete(shard);
  }

  /** @throws the signal's reason when the connection closed meanwhile; nothing else. */
  async waitForIdentify(shard: number, signal: AbortSignal): Promise<void> {
    const { clock, intervalMs } = this.#options;
    const tries = this.#tries.get(shard) ?? 0;
    this.#tries.set(shard, tries + 1);
    // The very first two come as fast as Discord allows.
    if (tries > 1) await clock.sleep(Math.min(longestBackOffMs, intervalMs * 2 ** (tries - 1)), signal);
    const concurrency = await this.#startsLeft(signal);
    await this.#turnOf(shard % concurrency, signal);
  }

  /** Waits until Discord allows a further session. @returns max_concurrency */
  async #startsLeft(signal: AbortSignal): Promise<number> {
    const { clock, logger, gatewayInfo } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      try {
        const { remaining, reset_after, max_concurrency } = (await gatewayInfo()).session_start_limit;
        if (remaining > 0) return Math.max(1, max_concurrency);
        logger.error(
          { resetAfterMs: reset_after },
          "the day's session starts on Discord are used up; waiting, for Discord resets the token otherwise",
        );
        await clock.sleep(Math.max(1_000, reset_after), signal);
      } catch (error) {
        signal.throwIfAborted();
        logger.warn(
          { reason: reasonOf(error) },
          'asking Discord how many sessions may be started failed; trying again',
        );
        await clock.sleep(2_000, signal);
      }
    }
  }

  /** A lease that is never given back: the next one gets it once it has run out. */
  async #turnOf(key: number, signal: AbortSignal): Promise<void> {
    const { store, clock, random, logger, applicationId, intervalMs } = this.#options;
    const id = sessionId(`discord:identify:${applicationId}:${key}`);
    const holder = random.id();
    for (;;) {
      signal.throwIfAborted();
      try {
        if (intervalMs === 0 || (await store.lease.acquire(id, holder, intervalMs))) return;
        await clock.sleep(Math.min(pollMs, intervalMs), signal);
      } catch (error) {
        signal.throwIfAborted();
        logger.warn({ reason: reasonOf(error) }, 'waiting for a turn to identify failed; trying again');
        await clock.sleep(1_000, signal);
      }
    }
  }
}
