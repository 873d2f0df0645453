import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { candidate } from '../../../characters/composed/fitting.js';
import { areas } from '../../../characters/composed/part-schema.js';
import { readParts } from '../../../characters/composed/read-parts.js';
import { readRegions } from '../../../characters/composed/regions.js';
import { packageRoot } from '../../../config/root.js';
import { loadThemes } from '../../../config/themes.js';

const folder = join(packageRoot, 'characters/bank1024');
const parts = Object.values(readParts(join(folder, 'modules'))).flat();

describe('the shipped parts', () => {
  it('carry only themes that have lines', () => {
    const known = new Set(loadThemes().map(({ id }) => id));
    expect(parts.flatMap(({ tags }) => tags).filter((tag) => !known.has(tag))).toEqual([]);
  });

  it('can each belong to somebody', () => {
    for (const { part, ages, needs } of parts.map(candidate)) {
      expect(ages[0], part.id).toBeLessThanOrEqual(ages[1]);
      for (const values of Object.values(needs)) expect(values.length, part.id).toBeGreaterThan(0);
    }
  });
});

describe('the regions', () => {
  it('are 24 in every area of the parts, with names enough, each once', () => {
    const regions = [...readRegions(join(folder, 'regions.txt')).values()];
    expect(regions).toHaveLength(24);
    expect(new Set(regions.map(({ area }) => area))).toEqual(new Set(areas));
    for (const { id, ...region } of regions)
      for (const list of ['female', 'male', 'surnames', 'towns'] as const)
        expect(new Set(region[list]).size, `${id} ${list}`).toBe(region[list].length);
  });
});
