import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RapportError, reasonOf } from '../../config/errors.js';

const manifestSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+/, 'a version such as 1.0.0'),
  /** File below the folder → sha256, lower-case hex. */
  sha256: z.record(z.string().min(1), z.string().regex(/^[0-9a-f]{64}$/)),
});

/** `model.json`: what a folder of weights says about itself. */
export type ModelManifest = z.infer<typeof manifestSchema>;

/** The newest major version of our model folders that this program reads. */
const readableMajor = 1;

/**
 * Reads and checks `model.json` of a folder, with more fields where `schema` asks for them.
 * @throws RapportError RAPPORT_E_MODEL_FILE naming the file.
 */
export function readManifest<Schema extends z.ZodType>(
  folder: string,
  schema: Schema,
): z.infer<Schema> & ModelManifest {
  const file = join(folder, 'model.json');
  const value = readJsonFile(file);
  const common = manifestSchema.safeParse(value);
  if (!common.success) throw unusable(file, problemsOf(common.error));
  if (Number.parseInt(common.data.version, 10) > readableMajor)
    throw unusable(file, `version ${common.data.version} is newer than this program reads`);
  const own = schema.safeParse(value);
  if (!own.success) throw unusable(file, problemsOf(own.error));
  return Object.assign({}, common.data, own.data);
}

/** The parsed JSON of a model file. @throws RapportError RAPPORT_E_MODEL_FILE */
export function readJsonFile(file: string): unknown {
  if (!existsSync(file)) throw unusable(file, 'it is missing');
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unusable(file, reasonOf(error), error);
  }
}

/**
 * Compares every file the manifest names with its sha256.
 * @throws RapportError RAPPORT_E_MODEL_FILE naming the first file that is missing or differs.
 */
export async function verifyFiles(folder: string, manifest: ModelManifest): Promise<void> {
  for (const [name, expected] of Object.entries(manifest.sha256)) {
    const file = join(folder, name);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw unusable(file, reasonOf(error), error);
    });
    if (createHash('sha256').update(bytes).digest('hex') !== expected)
      throw unusable(file, 'its sha256 differs from the one in model.json');
  }
}

export function unusable(file: string, reason: string, cause?: unknown): RapportError {
  return new RapportError('RAPPORT_E_MODEL_FILE', { file, reason }, cause);
}

function problemsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`).join('; ');
}
