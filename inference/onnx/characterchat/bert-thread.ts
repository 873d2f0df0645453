import { ThreadCalls } from '../thread-calls.js';
import type { BertSettings, FromBert, ToBert, TokenFeeds } from './bert-messages.js';

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
