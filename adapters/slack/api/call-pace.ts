import type { Clock } from '../../../src/clock.js';

const minuteMs = 60_000;

/**
 * Calls a minute that a workspace spends on showing replies while they grow and on people's names, below what Slack grants
 * (20, 100, 50, 100 and 50): the rest is for what ends replies, and for what must be known. A reply that is posted before it is
 * whole counts as an edit: it will need one.
 */
const shares = {
  'chat.startStream': 15,
  'chat.appendStream': 80,
  'chat.update': 25,
  'users.info': 80,
  'agents.sessions.setStatus': 20,
} as const;

export type PacedMethod = keyof typeof shares;

/** Workspaces remembered; beyond that those silent for a minute are forgotten. */
const sweepAt = 1_000;

/** Counts calls by workspace and method over the last minute. */
export class CallPace {
  readonly #clock: Clock;
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a call. */
  count(method: PacedMethod, team: string): void {
    const key = `${team} ${method}`;
    const recent = this.#recent(key);
    recent.push(this.#clock.elapsed());
    this.#calls.set(key, recent);
    if (this.#calls.size > sweepAt) this.#sweep();
  }

  /** Counts a call that could be left out, where there is something left for it: who asks at once gets no more than there is. */
  take(method: PacedMethod, team: string): boolean {
    if (!this.allows(method, team)) return false;
    this.count(method, team);
    return true;
  }

  /** Whether there is something left for a call that could be left out. */
  allows(method: PacedMethod, team: string): boolean {
    return this.#recent(`${team} ${method}`).length < shares[method];
  }

  #recent(key: string): number[] {
    const calls = this.#calls.get(key) ?? [];
    const since = this.#clock.elapsed() - minuteMs;
    let old = 0;
    while (old < calls.length && (calls[old] ?? since) <= since) old += 1;
    if (old > 0) calls.splice(0, old);
    return calls;
  }

  #sweep(): void {
    for (const key of [...this.#calls.keys()]) if (this.#recent(key).length === 0) this.#calls.delete(key);
  }
}

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
