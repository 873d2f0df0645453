import type { stopRequest } from '../native-thread.js';
import { ThreadCalls } from '../thread-calls.js';

export interface BertSettings {
  /** Folder of a converted checkpoint, its files checked before the first run. */
  readonly folder: string;
}

/** Whole numbers of one row, [1 × n], by input name. */
export type TokenFeeds = Readonly<Record<string, readonly number[]>>;

export type ToBert =
  | typeof stopRequest
  | {
      readonly type: 'run';
      readonly id: number;
      /** A graph in the folder. */
      readonly file: string;
      readonly feeds: TokenFeeds;
      /** A person waits for it: goes before everything that is not urgent. */
      readonly urgent: boolean;
    };

export interface FromBert {
  readonly type: 'output';
  readonly id: number;
  /** The graph's only output. */
  readonly output: Float32Array;
}

/** A converted BERT in a thread of its own. */
export class BertThread {
  readonly #calls: ThreadCalls<ToBert, FromBert>;

  constructor(folder: string) {
    const settings: BertSettings = { folder };
    this.#calls = new ThreadCalls({
      worker: 'inference/onnx/characterchat/bert-worker.js',
      settings,
      route: folder,
    });
  }

  /**
   * The output of a graph of the folder for one text.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async run(file: string, feeds: TokenFeeds, { urgent = true } = {}): Promise<Float32Array> {
    const { output } = await this.#calls.ask('output', (id) => ({ type: 'run', id, file, feeds, urgent }));
    return output;
  }

  /** Ends the thread; a later run would start it again. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}
