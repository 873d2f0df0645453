import type { Clock } from '../../../src/clock.js';

/**
 * Which methods Slack has asked to leave alone, and for how long. Slack counts by method and workspace; posts also by
 * channel, so those rest by channel.
 */
export class MethodLimits {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long the call still has to wait, ms; 0 when it may be made. */
  waitMs(method: string, channel: unknown): number {
    const key = keyOf(method, channel);
    const until = this.#until.get(key);
    if (until === undefined) return 0;
    const wait = until - this.#clock.elapsed();
    if (wait > 0) return wait;
    this.#until.delete(key);
    return 0;
  }

  /** Slack answered 429. */
  rest(method: string, channel: unknown, ms: number): void {
    const now = this.#clock.elapsed();
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
    this.#until.set(keyOf(method, channel), now + ms);
  }
}

const countedByChannel = new Set(['chat.postMessage', 'chat.postEphemeral']);

function keyOf(method: string, channel: unknown): string {
  return countedByChannel.has(method) && typeof channel === 'string' ? `${method} ${channel}` : method;
}
