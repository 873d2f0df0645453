// Writes deploy/slack-manifest.yaml from adapters/slack/manifest/manifest.ts: run after a change there (a test compares them).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';

await build({ page: false });
const { manifestFile } = await import('../dist/adapters/slack/manifest/manifest.js');
const folder = join(import.meta.dirname, '../deploy');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'slack-manifest.yaml'), manifestFile());
