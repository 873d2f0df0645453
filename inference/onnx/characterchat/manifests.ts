import { join } from 'node:path';
import { z } from 'zod';
import { readManifest, unusable } from '../model-folder.js';

const window = z.int().min(8).max(512);

const selectorSchema = z.looseObject({
  kind: z.literal('characterchat-bert'),
  maxTokens: window,
  /** A memory is chosen above this score. */
  threshold: z.number(),
});

const graphFile = z.string().regex(/^[\w-]+\.onnx$/);
const personaScoreSchema = z.looseObject({
  kind: z.literal('characterchat-ckpt'),
  maxTokens: window,
  dimension: z.int().min(1),
  towers: z.strictObject({ seeker: graphFile, supporter: graphFile }),
  /** rating = slope × cosine + intercept */
  slope: z.number(),
  intercept: z.number(),
});

export type SelectorManifest = z.infer<typeof selectorSchema>;
export type PersonaScoreManifest = z.infer<typeof personaScoreSchema>;

/** @throws RapportError RAPPORT_E_MODEL_FILE naming the file, and how to convert a checkpoint where it is none of ours. */
export function readSelectorManifest(folder: string): SelectorManifest {
  return read(folder, selectorSchema, 'info_selecter');
}

/** @throws RapportError RAPPORT_E_MODEL_FILE naming the file, and how to convert a checkpoint where it is none of ours. */
export function readPersonaScoreManifest(
  folder: string,
): PersonaScoreManifest & { readonly sha256: Readonly<Record<string, string>> } {
  return read(folder, personaScoreSchema, 'persona_score');
}

function read<Schema extends z.ZodType>(
  folder: string,
  schema: Schema,
  checkpoint: string,
): z.infer<Schema> & { readonly sha256: Readonly<Record<string, string>> } {
  const manifest = readManifest(folder, z.looseObject({}));
  const own = schema.safeParse(manifest);
  if (own.success) return Object.assign({}, manifest, own.data);
  throw unusable(
    join(folder, 'model.json'),
    `it is no converted ${checkpoint}; make one from the released files with \`python -m convert.${checkpoint}\` (${z.prettifyError(own.error).replaceAll(/\s+/g, ' ')})`,
  );
}
