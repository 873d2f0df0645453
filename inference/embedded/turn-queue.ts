/** Lets callers through one at a time, in the order they came; who gives up while waiting leaves at once. */
export class TurnQueue {
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  /** How many wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Resolves when it is the caller's turn, to the function that ends it. @throws the signal's reason when aborted. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#busy) await this.#wait(signal);
    this.#busy = true;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy = false;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(proceed), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(proceed);
    });
  }
}
