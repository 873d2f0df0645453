import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../config/root.js';
import { RunGate } from './run-gate.js';

/** How long a process that exits waits for a native call to return, ms. */
const exitWaitMs = 10_000;

/** What every worker of ours is started with. */
export interface ThreadData<Settings> {
  readonly gate: SharedArrayBuffer;
  readonly settings: Settings;
}

/** Asks a worker to leave by itself, between two native calls. */
export const stopRequest = { type: 'stop' } as const;

interface ThreadEvents<Out> {
  readonly onMessage: (message: Out) => void;
  /** The thread is gone; `reason` is null after {@link NativeThread.close}. Called once. */
  readonly onEnd: (reason: string | null) => void;
}

/**
 * A worker thread that runs native model code: started from the compiled file, never terminated from outside (see
 * {@link RunGate}), and not keeping the process alive while it has nothing to do.
 */
export class NativeThread<In, Out> {
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #closing = false;

  /** @param compiled path of the worker below `dist/`. */
  constructor(compiled: string, settings: unknown, { onMessage, onEnd }: ThreadEvents<Out>) {
    const gate = new RunGate();
    const data: ThreadData<unknown> = { gate: gate.buffer, settings };
    this.#worker = new Worker(join(packageRoot, 'dist', compiled), { workerData: data, execArgv: [] });
    const onExit = (): void => {
      gate.close();
      gate.waitIdle(exitWaitMs);
    };
    process.once('exit', onExit);
    let reason: string | null = null;
    this.#worker.on('message', onMessage);
    this.#worker.on('error', (error) => {
      reason = error.message;
    });
    this.#gone = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        process.removeListener('exit', onExit);
        onEnd(this.#closing ? null : (reason ?? `the thread ended with code ${code}`));
        resolve();
      });
    });
    this.#worker.unref();
  }

  post(message: In, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }

  /** Whether the process should stay alive for this thread. */
  hold(busy: boolean): void {
    if (busy) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Lets the thread leave after the native call in progress; resolves when it is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.hold(true);
    this.#worker.postMessage(stopRequest);
    await this.#gone;
  }
}
