import { join } from 'node:path';
import { z } from 'zod';
import { RapportError } from '../../config/errors.js';
import type { Feeds, Outputs } from './head-graphs.js';
import { readManifest, unusable } from './model-folder.js';
import type { EncodeOptions, ScorerEncoder } from './sentence-encoder.js';

const headManifestSchema = z.looseObject({
  /** Width of the vectors it reads. */
  dimension: z.int().min(1),
  /** The encoder it was trained on. */
  encoder: z.object({
    name: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

/** RAPPORT_E_MODEL_FILE: none of the encoders is the one that a scorer was trained on. */
export class MissingEncoder extends RapportError<'RAPPORT_E_MODEL_FILE'> {
  constructor(file: string, reason: string) {
    super('RAPPORT_E_MODEL_FILE', { file, reason });
  }
}

/** A trained scorer: a small graph over the vectors of one encoder. */
export class ScorerHead<Schema extends z.ZodType> {
  readonly manifest: z.infer<Schema>;
  /** Name and version, for the trace and the logs. */
  readonly label: string;
  readonly dimension: number;
  readonly #folder: string;
  readonly #encoder: ScorerEncoder;

  /**
   * @param schema what the manifest of this kind of scorer adds to the common part.
   * @param encoders those there are; the scorer reads the one it was trained on.
   * @throws RapportError RAPPORT_E_MODEL_FILE where model.json is missing, of another version or made for another encoder.
   */
  constructor(folder: string, schema: Schema, encoders: readonly ScorerEncoder[]) {
    const common = readManifest(folder, headManifestSchema);
    this.manifest = readManifest(folder, schema);
    const file = join(folder, 'model.json');
    const encoder = encoders.find(({ sha256 }) => sha256 === common.encoder.sha256);
    if (!encoder)
      throw new MissingEncoder(
        file,
        `it was trained on the encoder "${common.encoder.name}" (${common.encoder.sha256.slice(0, 12)}…), which is not among the configured ones`,
      );
    if (encoder.dimensions !== common.dimension)
      throw unusable(
        file,
        `it reads vectors of ${common.dimension} numbers, the encoder gives ${encoder.dimensions}`,
      );
    this.label = `${common.name} ${common.version}`;
    this.dimension = common.dimension;
    this.#folder = folder;
    this.#encoder = encoder;
  }

  /** The vectors this scorer reads, zeros for the empty text. */
  vectors(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]> {
    return this.#encoder.encode(texts, options);
  }

  /** Runs the graph. @throws RapportError RAPPORT_E_MODEL_FILE where an expected output is missing. */
  async run<Name extends string>(
    feeds: Feeds,
    expected: readonly Name[],
  ): Promise<Record<Name, Float32Array>> {
    const outputs: Outputs = await this.#encoder.run(this.#folder, feeds);
    const found: Partial<Record<Name, Float32Array>> = {};
    for (const name of expected) {
      const data = outputs[name];
      if (!data) throw unusable(join(this.#folder, 'model.onnx'), `the graph has no output "${name}"`);
      found[name] = data;
    }
    return found as Record<Name, Float32Array>;
  }
}

/** One after the other in one array, each filled up to `width`. */
export function stacked(vectors: readonly Float32Array[], width: number): Float32Array {
  const all = new Float32Array(vectors.length * width);
  for (const [row, vector] of vectors.entries()) all.set(vector, row * width);
  return all;
}

/** One space between words, none at the ends: how every text was prepared when the scorers were trained. */
export function singleSpaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
