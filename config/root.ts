import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './schema.js';

/** The folder that holds package.json: the same from the sources, from dist/ and in an image. */
export const packageRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json not found above the program');
    folder = parent;
  }
  return folder;
})();

/** The version in package.json. */
export const version: string = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

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
