import type { Clock } from '../clock.js';

/** Lets one loop sleep until something changes or a time has come. A timer exists only during a timed wait. */
export class ChangeSignal {
  readonly #clock: Clock;
  #wakeUp: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait in progress, if there is one. */
  notify(): void {
    this.#wakeUp?.();
  }

  /** @param ms how long at most; Infinity waits for {@link notify} alone. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms < Number.POSITIVE_INFINITY ? new AbortController() : null;
      const wake = (): void => {
        if (this.#wakeUp !== wake) return;
        this.#wakeUp = null;
        timer?.abort();
        resolve();
      };
      this.#wakeUp = wake;
      if (timer) this.#clock.sleep(ms, timer.signal).then(wake, wake);
    });
  }
}
