import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import { type FactWeights, factFeatures } from '../../src/memory/meaning-fact-chooser.js';
import { readManifest, unusable } from '../onnx/model-folder.js';

const schema = z.looseObject({
  /** The version of `models/meaning` whose vectors it was learned on. */
  meaning: z.string().min(1),
  dimension: z.int().min(1),
  weights: z.record(z.enum(factFeatures), z.number()),
  none: z.number(),
  threshold: z.number(),
});

/**
 * The weights of the choice among known facts: `weights.bin` holds float32 values, little-endian: the two means, the direction of
 * calls, the bridge.
 * @throws RapportError RAPPORT_E_MODEL_FILE
 */
export function readFactWeights(folder: string, meaningFolder: string): FactWeights {
  const manifest = readManifest(folder, schema);
  const { version } = readManifest(meaningFolder, z.looseObject({}));
  if (manifest.meaning !== version)
    throw unusable(
      folder,
      `it was learned on meaning ${manifest.meaning}, and ${meaningFolder} is ${version}`,
    );
  const { dimension } = manifest;
  const file = join(folder, 'weights.bin');
  const values = floats(file, manifest.sha256['weights.bin'] ?? '');
  if (values.length !== 3 * dimension + dimension * dimension)
    throw unusable(file, `${values.length} numbers do not make three vectors and a matrix of ${dimension}`);
  const part = (place: number): Float32Array => values.subarray(place * dimension, (place + 1) * dimension);
  const { name, weights, none, threshold } = manifest;
  return {
    kind: `${name}@${manifest.version}`,
    questionMean: part(0),
    factMean: part(1),
    calls: part(2),
    bridge: values.subarray(3 * dimension),
    weights,
    none,
    threshold,
  };
}

function floats(file: string, sha256: string): Float32Array {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    throw unusable(file, reasonOf(error), error);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw unusable(file, 'its sha256 differs from the one in model.json');
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
