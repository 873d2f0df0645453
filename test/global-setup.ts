import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../config/root.js';

/**
 * Builds dist/ once before the suites: worker threads and child processes are tested as they run in production.
 * (The page is built by the suite that opens it.)
 */
export async function setup(): Promise<void> {
  const { build } = (await import(pathToFileURL(join(packageRoot, 'scripts/build.mjs')).href)) as {
    build: (options: { page: boolean }) => Promise<void>;
  };
  await build({ page: false });
}
