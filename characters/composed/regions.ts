import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { RapportError, reasonOf } from '../../config/errors.js';
import { areaSchema } from './part-schema.js';

const names = (least: number) =>
  z
    .string()
    .transform((joined) => joined.split(',').map((name) => name.trim()))
    .pipe(z.array(z.string().min(1)).min(least));

const regionSchema = z.strictObject({
  id: z.string().min(1),
  /** The country as it stands after "in": "the Netherlands". */
  in: z.string().min(1),
  area: areaSchema,
  /** The surname is written before the given name. */
  familyFirst: z.boolean().default(false),
  female: names(30),
  male: names(30),
  surnames: names(40),
  towns: names(12),
});
export type Region = z.infer<typeof regionSchema>;

/** @throws RapportError RAPPORT_E_CHARACTERS_INVALID */
export function readRegions(file: string): ReadonlyMap<string, Region> {
  try {
    const regions = z
      .array(regionSchema)
      .min(1)
      .parse(parse(readFileSync(file, 'utf8')));
    return new Map(regions.map((region) => [region.id, region]));
  } catch (error) {
    const problems = `  ${file}  ${error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error)}`;
    throw new RapportError('RAPPORT_E_CHARACTERS_INVALID', { count: 1, problems });
  }
}
