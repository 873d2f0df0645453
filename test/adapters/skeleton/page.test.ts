import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../config/root.js';

const page = readFileSync(join(packageRoot, 'docs/writing-an-adapter.md'), 'utf8');
const folder = join(import.meta.dirname, 'matrix');
const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);

it('the page shows the skeleton as it is', () => {
  expect(blocks.length).toBeGreaterThan(5);
  for (const block of blocks) expect(sources.some((source) => source.includes(block)) ? '' : block).toBe('');
});
