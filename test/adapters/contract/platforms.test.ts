import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { platforms } from '../../../adapters/index.js';

it.each(platforms.map(({ name }) => name))(
  '%s is laid against the contract of adapters (issue 11, 4)',
  (name) => {
    const file = join(import.meta.dirname, `${name}.test.ts`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(/^adapterContract\(/m);
  },
);
