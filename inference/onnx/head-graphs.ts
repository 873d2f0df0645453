import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import { readManifest, unusable, verifyFiles } from './model-folder.js';

/** A float32 tensor as it crosses the thread boundary. */
export interface Feed {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}
export type Feeds = Readonly<Record<string, Feed>>;
export type Outputs = Readonly<Record<string, Float32Array>>;

/** The graphs of the small scorers that read the encoder's vectors; they live in the encoder's thread. */
export class HeadGraphs {
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  /**
   * Runs `model.onnx` of a folder, loading it at the first call.
   * @throws RapportError RAPPORT_E_MODEL_FILE naming the file that is missing, changed or of another kind.
   */
  async run(folder: string, feeds: Feeds): Promise<Outputs> {
    const session = await this.#session(folder);
    const tensors: Record<string, Tensor> = {};
    for (const [name, { data, shape }] of Object.entries(feeds))
      tensors[name] = new Tensor('float32', data, [...shape]);
    const found = await session.run(tensors).catch((error: unknown) => {
      throw unusable(join(folder, 'model.onnx'), reasonOf(error), error);
    });
    const outputs: Record<string, Float32Array> = {};
    for (const [name, { data }] of Object.entries(found))
      if (data instanceof Float32Array) outputs[name] = data.slice();
    return outputs;
  }

  #session(folder: string): Promise<InferenceSession> {
    const known = this.#sessions.get(folder);
    if (known) return known;
    const loading = load(folder);
    this.#sessions.set(folder, loading);
    loading.catch(() => this.#sessions.delete(folder)); // a restored file is found at the next call
    return loading;
  }
}

async function load(folder: string): Promise<InferenceSession> {
  await verifyFiles(folder, readManifest(folder, z.looseObject({})));
  const file = join(folder, 'model.onnx');
  return InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch(
    (error: unknown) => {
      throw unusable(file, reasonOf(error), error);
    },
  );
}
