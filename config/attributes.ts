import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from './root.js';

const tableSchema = z.strictObject({ attributes: z.record(z.string(), z.record(z.string(), z.string())) });

/** MIRACLE's attributes: name → aspect value → the words a chat model is given for it. */
export type AttributeTable = z.infer<typeof tableSchema>;

/** The attributes of config/attributes.yaml. */
export function loadAttributes(): AttributeTable {
  return tableSchema.parse(parse(readFileSync(join(packageRoot, 'config/attributes.yaml'), 'utf8')));
}
