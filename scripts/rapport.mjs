#!/usr/bin/env node
// Runs the command line; in a checkout it first rebuilds what is stale (an installed package or an image ships dist/ only).
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (existsSync(join(root, 'tsconfig.json')) && process.env.RAPPORT_SKIP_BUILD !== '1') {
  const { build } = await import('./build.mjs');
  await build({ page: process.argv[2] === 'start' });
}
await import(pathToFileURL(join(root, 'dist/cli/main.js')).href);
