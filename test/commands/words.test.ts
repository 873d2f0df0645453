import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { memoryAspects } from '../../characters/schema.js';
import { packageRoot } from '../../config/root.js';
import { say } from '../session/world.js';

const folder = join(packageRoot, 'config/locales');

it('no key of the first level stands in two files of a locale, for one would hide the other', () => {
  const owners = new Map<string, string>();
  for (const file of readdirSync(folder).filter(
    (name) => /^(?:[\w-]+\.)?en\.yaml$/.test(name) && !name.startsWith('page.'),
  ))
    for (const key of Object.keys(parse(readFileSync(join(folder, file), 'utf8')) as object)) {
      expect(owners.get(key), `${key} in ${file}`).toBeUndefined();
      owners.set(key, file);
    }
  expect(owners.get('why')).toBe('commands.en.yaml');
});

it('every memory aspect has a name in words', () => {
  for (const aspect of memoryAspects) expect(say(`why.aspect.${aspect}`)).toMatch(/^[a-z ]+$/);
});
