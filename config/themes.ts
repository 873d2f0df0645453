import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { RapportError } from './errors.js';
import { describeProblems } from './load.js';
import { packageRoot } from './root.js';

const themesSchema = z.record(
  z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words with hyphens, as in a tag'),
  z.strictObject({
    name: z.string().trim().min(1),
    lines: z.array(z.string().trim().min(1)).min(1),
  }),
);

/** Something that troubles people, as characters carry it for a tag. */
export interface Theme {
  /** The tag. */
  readonly id: string;
  /** Completes "…’s story has to do with {name}." */
  readonly name: string;
  /** How people say it, in the first person. */
  readonly lines: readonly string[];
}

/**
 * The themes of config/themes.yaml, by tag.
 * @throws RapportError RAPPORT_E_CONFIG_INVALID naming every problem.
 */
export function loadThemes(): Theme[] {
  const found: unknown = parse(readFileSync(join(packageRoot, 'config/themes.yaml'), 'utf8'));
  const parsed = themesSchema.safeParse(found);
  if (!parsed.success) {
    const problems = describeProblems(parsed.error, found);
    throw new RapportError('RAPPORT_E_CONFIG_INVALID', {
      count: problems.length,
      problems: problems.map((line) => `  themes.yaml: ${line}`).join('\n'),
    });
  }
  return Object.entries(parsed.data).map(([id, theme]) => ({ id, ...theme }));
}
