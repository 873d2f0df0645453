import type { Reading } from '../../src/care/risk-judge.js';
import { readManifest, unusable } from '../onnx/model-folder.js';
import { ThreadCalls } from '../onnx/thread-calls.js';
import { headManifestSchema, readerManifestSchema } from './manifests.js';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.js';

/**
 * The multilingual reader (`models/reader`) with its heads, in one thread of its own. A head's weights are loaded when it is
 * first asked; the thread starts with the first question, and again after a crash.
 */
export class Reader {
  readonly settings: ReaderSettings;
  readonly #calls: ThreadCalls<ToReader, FromReader>;

  /** @throws RapportError RAPPORT_E_MODEL_FILE where a folder has no readable model.json, or a head does not fit the reader. */
  constructor(settings: ReaderSettings) {
    const { version } = readManifest(settings.reader, readerManifestSchema);
    for (const folder of Object.values(settings.heads)) {
      const { reader } = readManifest(folder, headManifestSchema);
      if (reader !== version)
        throw unusable(folder, `it was taught on reader ${reader}, and ${settings.reader} is ${version}`);
    }
    this.settings = settings;
    this.#calls = new ThreadCalls({ worker: 'inference/reader/reader-worker.js', settings, route: 'reader' });
  }

  /** @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE */
  async read(text: string, context: string): Promise<Reading> {
    return (await this.#calls.ask('reading', (id) => ({ type: 'read', id, text, context }))).reading;
  }

  /**
   * A vector of length one for each text, all of them in one batch: keep it small, whatever else is asked waits for it.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async vectors(head: string, side: string, texts: readonly string[]): Promise<readonly Float32Array[]> {
    return (await this.#calls.ask('vectors', (id) => ({ type: 'vectors', id, head, side, texts }))).vectors;
  }

  close(): Promise<void> {
    return this.#calls.close();
  }
}
