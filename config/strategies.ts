import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from './root.js';

const strategiesSchema = z.strictObject({
  strategies: z.array(
    z.strictObject({
      label: z.string(),
      aliases: z.array(z.string()),
      motivation: z.string(),
      priors: z.array(z.number()).length(6),
    }),
  ),
  typicalTurns: z.int().min(6),
});

export type StrategyTable = z.infer<typeof strategiesSchema>;

/** The support strategies with their stage priors, from config/strategies.yaml. */
export function loadStrategies(): StrategyTable {
  return strategiesSchema.parse(parse(readFileSync(join(packageRoot, 'config/strategies.yaml'), 'utf8')));
}
