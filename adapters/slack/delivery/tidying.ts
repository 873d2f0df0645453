import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { askedToWaitMs, failureReason } from '../api/call-failure.js';

const maxTries = 4;
/** Calls that matter more go first: how long and how often a better time is waited for. */
const restMs = 5_000;
const maxRests = 36;

/**
 * Small improvements of messages that stand already, made in the background: each is tried again while Slack asks to
 * wait, and given up when the message is edited anyway or the app stops.
 */
export class Tidying {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #running = new Map<string, { readonly work: Promise<void>; readonly waits: AbortController }>();
  #stopped = false;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * @param key names the message.
   * @param isTime whether the pace of the workspace allows it now.
   */
  begin(key: string, isTime: () => boolean, improve: () => Promise<void>): void {
    if (this.#stopped) return;
    const waits = new AbortController();
    const work = this.#work(isTime, improve, waits.signal).finally(() => {
      if (this.#running.get(key)?.waits === waits) this.#running.delete(key);
    });
    this.#running.set(key, { work, waits });
  }

  /** Resolves when no call for this message is under way; none comes any more. */
  async giveWay(key: string): Promise<void> {
    const running = this.#running.get(key);
    running?.waits.abort();
    await running?.work;
  }

  /** Resolves when everything is done or given up. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ work }) => work));
  }

  /** As {@link settled}, without waiting for a better time. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { waits } of this.#running.values()) waits.abort();
    await this.settled();
  }

  async #work(isTime: () => boolean, improve: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (let rests = 0; !isTime(); rests += 1) {
      if (rests === maxRests || signal.aborted) return;
      await this.#rest(restMs, signal);
    }
    for (let tries = 1; !signal.aborted; tries += 1) {
      try {
        await improve();
        return;
      } catch (thrown) {
        const waitMs = askedToWaitMs(thrown);
        if (waitMs === 0 || tries === maxTries) {
          this.#logger.debug({ reason: failureReason(thrown) }, 'a message stays a little untidy');
          return;
        }
        await this.#rest(waitMs, signal);
      }
    }
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal);
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  }
}
