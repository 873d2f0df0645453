import { type Clock, systemClock } from '../../../src/clock.js';

/** The system's clock with an offset: real sockets need real time, but 15 minutes of a token's life need not be waited for. */
export class DoubleClock implements Clock {
  #offset = 0;

  now(): number {
    return systemClock.now() + this.#offset;
  }
  elapsed(): number {
    return systemClock.elapsed() + this.#offset;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
  /** Moves the double's time on by `ms`; timers that already run are not shortened. */
  advance(ms: number): void {
    this.#offset += ms;
  }
}
