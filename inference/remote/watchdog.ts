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

  constructor(bark: (wait: Wait) => void) {
    this.#bark = bark;
  }

  /** Starts a wait, in place of the one before. */
  watch(wait: Wait): void {
    this.#paused = false;
    if (this.#timer && wait.ms === this.#wait.ms) {
      this.#wait = wait;
      this.#timer.refresh();
      return;
    }
    this.stop();
    this.#wait = wait;
    this.#timer = setTimeout(() => {
      if (!this.#paused) this.#bark(this.#wait);
    }, wait.ms);
  }

  /** Stays quiet until the next {@link watch}: the one who reads takes their time, not the server. */
  pause(): void {
    this.#paused = true;
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
