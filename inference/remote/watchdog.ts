/** What was waited for, in words for an error, and for how long at most. */
export interface Wait {
  readonly phase: string;
  readonly ms: number;
}

/** Barks when nothing was heard for a while. One timer serves the whole stream; it is only moved. */
export class Watchdog {
  readonly #bark: (wait: Wait) => void;
  #timer: NodeJS.Timeout | null = null;
  #wait: Wait = { phase: '', ms: 0 };
  #paused = false;
  /** Counts the waits, to notice a new one. */
  #waits = 0;

  constructor(bark: (wait: Wait) => void) {
    this.#bark = bark;
  }

  /** Starts a wait, in place of the one before. */
  watch(wait: Wait): void {
    this.#paused = false;
    this.#waits += 1;
    if (this.#timer && wait.ms === this.#wait.ms) {
      this.#wait = wait;
      this.#timer.refresh();
      return;
    }
    this.stop();
    this.#wait = wait;
    this.#timer = setTimeout(() => this.#expired(), wait.ms);
  }

  /** Stays quiet until the next {@link watch}: the one who reads takes their time, not the server. */
  pause(): void {
    this.#paused = true;
  }

  stop(): void {
    this.#waits += 1;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** After a stall of our own process the timer is due before what has long arrived is read: reading goes first. */
  #expired(): void {
    const wait = this.#waits;
    setImmediate(() => {
      if (!this.#paused && wait === this.#waits) this.#bark(this.#wait);
    });
  }
}
