import { performance } from 'node:perf_hooks';

/**
 * Timers of one-millisecond slots that share a single ticking timer, so that thousands of streams cost one wake-up a
 * millisecond. The tick stops while nothing is scheduled.
 */
export class TimerWheel {
  readonly #slots = new Map<number, (() => void)[]>();
  #cursor = 0;
  #tick: NodeJS.Timeout | null = null;

  /** Calls back `ms` milliseconds from now, at the earliest; 0 calls back at the next tick. */
  schedule(ms: number, callback: () => void): void {
    const now = performance.now();
    if (this.#tick === null) {
      this.#cursor = Math.floor(now);
      this.#tick = setInterval(() => this.#advance(), 1);
    }
    const due = Math.max(Math.ceil(now + ms), this.#cursor + 1);
    const slot = this.#slots.get(due);
    if (slot) slot.push(callback);
    else this.#slots.set(due, [callback]);
  }

  stop(): void {
    if (this.#tick !== null) clearInterval(this.#tick);
    this.#tick = null;
    this.#slots.clear();
  }

  #advance(): void {
    const now = Math.floor(performance.now());
    while (this.#cursor < now) {
      this.#cursor += 1;
      const slot = this.#slots.get(this.#cursor);
      if (!slot) continue;
      this.#slots.delete(this.#cursor);
      for (const callback of slot) callback();
    }
    if (this.#slots.size === 0) this.stop();
  }
}
