import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { packageRoot } from './root.js';
import type { Config } from './schema.js';

/** A path of the configuration: as given from the working directory, else from the installation. */
export function resolvePath(path: string): string {
  if (isAbsolute(path)) return path;
  const here = resolve(path);
  return existsSync(here) ? here : join(packageRoot, path);
}

/** The files and folders of the configured bank. */
export function bankPaths({ characters }: Config): string[] {
  return characters.paths.map(resolvePath);
}
