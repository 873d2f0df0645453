import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder with those above it, for this user only. Node's own recursive way never ends where the system says that a parent
 * is missing and cannot be made (below /proc).
 * @throws the error of the system that kept it from being made.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    // Another process was faster.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw thrown;
  }
}
