import { z } from 'zod';
import { promptFormatSchema } from '../../config/prompt-format.js';
import { generationConfigSchema } from './decoding.js';

/** What the manifest of a chat model of ours adds to the common part of model.json. */
export const chatManifestSchema = z.looseObject({
  family: z.literal('llama'),
  format: promptFormatSchema,
  controlTags: z.boolean().default(false),
  contextTokens: z.int().min(64),
  /** The graph below the folder; its weights may lie in shards beside it. */
  graph: z.string().min(1).default('onnx/model_quantized.onnx'),
  /** Trained here and small: said plainly wherever it speaks. */
  demo: z.boolean().default(true),
  decoding: generationConfigSchema.default({}),
});
