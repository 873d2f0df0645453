import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import { readJsonFile, readManifest, unusable, verifyFiles } from './model-folder.js';

/** What the manifest of a sentence encoder adds to the common part. */
export const encoderManifestSchema = z.looseObject({
  dimension: z.int().min(1),
  maxTokens: z.int().min(1),
});

/** The encoder's graph and tokenizer in the thread that computes. */
export interface EncoderGraph {
  readonly dimensions: number;
  /** One text to its L2-normalised vector (zeros for the empty text). Beyond the model's window a text is cut. */
  encode(text: string): Promise<Float32Array>;
}

/**
 * Loads a sentence encoder: `input_ids`, `attention_mask` [batch, seq] int64 → `embedding` [batch, dimensions].
 * Texts are run one by one: the graph's int8 activations are scaled over the whole batch, so a text's vector would
 * depend on its neighbours, and batching saves next to nothing on a CPU.
 * @throws RapportError RAPPORT_E_MODEL_FILE naming the file that is missing, changed or of another kind.
 */
export async function loadEncoderGraph(folder: string): Promise<EncoderGraph> {
  const manifest = readManifest(folder, encoderManifestSchema);
  await verifyFiles(folder, manifest);
  const tokenizer = loadTokenizer(folder);
  const file = join(folder, 'model.onnx');
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch(
    (error: unknown) => {
      throw unusable(file, reasonOf(error), error);
    },
  );
  for (const name of ['input_ids', 'attention_mask'])
    if (!session.inputNames.includes(name)) throw unusable(file, `the graph has no input "${name}"`);
  return {
    dimensions: manifest.dimension,
    encode: async (text) => {
      const { ids } = tokenizer.encode(text, { add_special_tokens: false });
      if (ids.length === 0) return new Float32Array(manifest.dimension);
      const kept = ids.slice(0, manifest.maxTokens);
      const shape = [1, kept.length];
      const { embedding } = await session.run({
        input_ids: new Tensor('int64', BigInt64Array.from(kept, BigInt), shape),
        attention_mask: new Tensor('int64', new BigInt64Array(kept.length).fill(1n), shape),
      });
      if (!(embedding?.data instanceof Float32Array) || embedding.data.length !== manifest.dimension)
        throw unusable(file, `the graph gives no "embedding" of ${manifest.dimension} numbers`);
      return normalise(embedding.data);
    },
  };
}

/** The tokenizer of a model folder. @throws RapportError RAPPORT_E_MODEL_FILE */
export function loadTokenizer(folder: string): Tokenizer {
  const file = join(folder, 'tokenizer.json');
  const description = readJsonFile(file);
  const config = readJsonFile(join(folder, 'tokenizer_config.json'));
  try {
    return new Tokenizer(Object(description), Object(config));
  } catch (error) {
    throw unusable(file, reasonOf(error), error);
  }
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}
