const running = 0;
const closed = 1;

/**
 * Keeps a thread from being torn down inside native code. onnxruntime-node computes synchronously on the thread that
 * asked, and aborts the whole process if its thread is terminated meanwhile (also by `process.exit`). The worker enters
 * the gate around every native call; the process waits at the gate before it exits. Shared memory, so it works while
 * both event loops are blocked.
 */
export class RunGate {
  readonly buffer: SharedArrayBuffer;
  readonly #state: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.buffer = buffer;
    this.#state = new Int32Array(buffer);
  }

  /** Runs a native call inside the gate. @throws Error when the gate is closed. */
  async run<T>(native: () => Promise<T>): Promise<T> {
    Atomics.add(this.#state, running, 1);
    try {
      if (Atomics.load(this.#state, closed) === 1) throw new Error('the thread is stopping');
      return await native();
    } finally {
      Atomics.sub(this.#state, running, 1);
      Atomics.notify(this.#state, running);
    }
  }

  /** No further native call begins. */
  close(): void {
    Atomics.store(this.#state, closed, 1);
  }

  /** Blocks this thread until no native call runs; false if one still does after `ms`. */
  waitIdle(ms: number): boolean {
    for (;;) {
      const now = Atomics.load(this.#state, running);
      if (now === 0) return true;
      if (Atomics.wait(this.#state, running, now, ms) === 'timed-out') return false;
    }
  }
}
