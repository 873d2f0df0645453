/** Tasks by key: those of one key one after another, those of different keys side by side. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Keys with work in progress. */
  get size(): number {
    return this.#tails.size;
  }

  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Runs a task once those given before it for the same key have ended. @param task must not reject. */
  run(key: string, task: () => Promise<void>): void {
    const tail = (this.#tails.get(key) ?? Promise.resolve()).then(task).finally(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }
}
