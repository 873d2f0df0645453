import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, readManifest, unusable, verifyFiles } from '../model-folder.js';
import type { TextEncoder } from '../sentence-encoder.js';
import { type CosineScales, constantFit, type LearnedFit, ratingOf } from './learned-fit.js';

const range = z.strictObject({ low: z.number(), high: z.number() }).refine(({ low, high }) => low < high);

/** What the manifest of the matcher adds to the common part. */
const manifestSchema = z.looseObject({
  /** A text and the beginning of its vector under the encoder that everything in this folder holds for. */
  probe: z.strictObject({ text: z.string().min(1), vector: z.array(z.number()).min(8) }),
  dimension: z.int().min(1),
  scales: z.strictObject({ statement: range, memories: range, everyday: range }),
});

const vector = z.array(z.number());
const towersSchema = z.strictObject({
  mean: z.number(),
  seekerMean: vector,
  supporterMean: vector,
  /** [rank × dimension] each. */
  seeker: z.array(vector),
  supporter: z.array(vector),
});

export interface FitTowers {
  readonly fit: LearnedFit;
  /** Null where the folder was made for another encoder: its figures say nothing about this one's vectors. */
  readonly scales: CosineScales | null;
}

/**
 * Loads `models/persona-score`: `rating(s, t) = mean + Σ_k U_k·(s − s̄) V_k·(t − t̄)` on vectors of the sentence encoder.
 * @throws RapportError RAPPORT_E_MODEL_FILE naming the file that is missing, changed or of another kind.
 */
export async function loadFitTowers(folder: string, encoder: TextEncoder): Promise<FitTowers> {
  const manifest = readManifest(folder, manifestSchema);
  await verifyFiles(folder, manifest);
  const file = join(folder, 'towers.json');
  const parsed = towersSchema.safeParse(readJsonFile(file));
  if (!parsed.success) throw unusable(file, z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const { mean, seekerMean, supporterMean, seeker, supporter } = parsed.data;
  const { dimension, scales } = manifest;
  const misshapen =
    seeker.length !== supporter.length ||
    [seekerMean, supporterMean, ...seeker, ...supporter].some(({ length }) => length !== dimension);
  if (misshapen) throw unusable(file, `the towers are not of one rank and dimension ${dimension}`);
  if (encoder.dimensions !== dimension || !(await isTheSame(encoder, manifest.probe)))
    return { fit: constantFit(mean), scales: null };
  const seekerSide = tower(seeker, seekerMean);
  const supporterSide = tower(supporter, supporterMean);
  return {
    scales,
    fit: {
      mean,
      supporters: async (_characters, statements) => statements.map(supporterSide),
      seeker: async (text) => seekerSide(text.vector),
      rating: (a, b) => ratingOf(mean, a, b),
    },
  };
}

/** The same vectors, whatever else has changed about the encoder's files: they may be quantised or packed anew. */
async function isTheSame(
  encoder: TextEncoder,
  { text, vector: expected }: z.infer<typeof manifestSchema>['probe'],
): Promise<boolean> {
  const [found] = await encoder.encode([text], { remember: false });
  return expected.every((value, i) => Math.abs(value - (found?.[i] ?? 0)) <= probeTolerance);
}

/** Numbers of a unit vector of 512 are about 0.04; those of an encoder quantised anew move by up to 0.011. */
const probeTolerance = 0.02;

/** Text vector [dimension] → tower vector [rank]. */
function tower(
  rows: readonly (readonly number[])[],
  mean: readonly number[],
): (text: Float32Array) => Float32Array {
  const matrix = rows.map((row) => Float32Array.from(row));
  const offsets = rows.map((row) => row.reduce((sum, value, i) => sum + value * (mean[i] ?? 0), 0));
  return (text) =>
    Float32Array.from(matrix, (row, k) => {
      let sum = -(offsets[k] ?? 0);
      for (let i = 0; i < row.length; i += 1) sum += (row[i] as number) * (text[i] ?? 0);
      return sum;
    });
}
