import { RapportError } from '../../../config/errors.js';
import { NativeThread } from '../native-thread.js';
import type { FromBert, ToBert, TokenFeeds } from './bert-messages.js';

interface Pending {
  readonly resolve: (output: Float32Array) => void;
  readonly reject: (error: RapportError) => void;
}

/** A converted BERT in a thread of its own, which starts at the first run, and again after a crash. */
export class BertThread {
  readonly #folder: string;
  readonly #pending = new Map<number, Pending>();
  #thread: NativeThread<ToBert, FromBert> | null = null;
  #lastId = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The output of a graph of the folder for one text.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  run(file: string, feeds: TokenFeeds, { urgent = true } = {}): Promise<Float32Array> {
    const thread = this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    thread.hold(true);
    const answer = new Promise<Float32Array>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    thread.post({ type: 'run', id, file, feeds, urgent });
    return answer;
  }

  /** Ends the thread; a later run would start it again. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.close();
  }

  #start(): NativeThread<ToBert, FromBert> {
    if (this.#thread) return this.#thread;
    const thread = new NativeThread<ToBert, FromBert>(
      'inference/onnx/characterchat/bert-worker.js',
      { folder: this.#folder },
      {
        onMessage: (message) => this.#settle(message),
        onEnd: (reason) => {
          if (this.#thread === thread) this.#thread = null;
          this.#failAll(reason ?? 'it was closed');
        },
      },
    );
    this.#thread = thread;
    return thread;
  }

  #settle(message: FromBert): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#thread?.hold(false);
    if (message.type === 'output') pending?.resolve(message.output);
    else pending?.reject(new RapportError(message.error.code, message.error.details));
  }

  #failAll(reason: string): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting)
      reject(new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: this.#folder, reason }));
  }
}
