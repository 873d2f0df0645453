import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { packageRoot } from '../../config/root.js';
import { unusable } from '../onnx/model-folder.js';

export type ModelPlace = { readonly folder: string } | { readonly hubId: string };

/**
 * Where a model is: a folder (as given, or below the installation), else an id of the Hugging Face hub (`owner/name`).
 * A path into a folder that exists is never taken for an id.
 * @throws RapportError RAPPORT_E_MODEL_FILE when it is neither.
 */
export function modelPlace(model: string): ModelPlace {
  const folders = isAbsolute(model) ? [model] : [resolve(model), join(packageRoot, model)];
  const folder = folders.find((path) => existsSync(path) && statSync(path).isDirectory());
  if (folder) return { folder };
  const inFolder = folders.some((path) => existsSync(dirname(path)));
  if (!inFolder && /^[\w.-]+\/[\w.-]+$/.test(model) && !model.startsWith('.')) return { hubId: model };
  throw unusable(model, 'there is no such folder, and it is no id of the Hugging Face hub (owner/name)');
}
