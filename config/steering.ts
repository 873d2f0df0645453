import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { RapportError, reasonOf } from './errors.js';
import { describeProblems } from './load.js';
import { packageRoot } from './root.js';

const word = z.string().trim().toLowerCase().min(1).max(60);
const goalText = z
  .string()
  .max(120)
  .regex(/^[a-z][^\n]*\.$/, 'one lower-case line that ends with a full stop');

const steeringSchema = z.strictObject({
  goals: z
    .array(
      z.strictObject({
        goal: goalText,
        label: goalText,
        aliases: z.array(word).min(1),
        keywords: z.array(word).default([]),
      }),
    )
    .min(1),
});

/** A goal that can be chosen by name. */
export interface SteeringGoal {
  /** What the model is given: `ask about kids.` */
  readonly goal: string;
  /** What a person sees: `ask about family.` */
  readonly label: string;
  /** What a person may type, lower-case. */
  readonly aliases: readonly string[];
  /** Words that show that a text is on the goal, lower-case. */
  readonly keywords: readonly string[];
}

/** The goals on offer (PersonaGPT's eleven, and the operator's own). */
export interface SteeringTable {
  readonly goals: readonly SteeringGoal[];
}

/**
 * The goals of config/steering.yaml.
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE | RAPPORT_E_CONFIG_INVALID with every problem.
 */
export function loadSteering(file: string = join(packageRoot, 'config/steering.yaml')): SteeringTable {
  const tree = readYaml(file);
  const parsed = steeringSchema.safeParse(tree);
  const problems = parsed.success ? ambiguities(parsed.data) : describeProblems(parsed.error, tree);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new RapportError('RAPPORT_E_CONFIG_INVALID', {
    count: problems.length,
    problems: problems.map((line) => `  ${file}: ${line}`).join('\n'),
  });
}

function ambiguities({ goals }: SteeringTable): string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const { goal, aliases } of goals)
    for (const alias of aliases) {
      const owner = owners.get(alias);
      if (owner !== undefined)
        problems.push(`goals: the alias "${alias}" of "${goal}" already means "${owner}"`);
      owners.set(alias, goal);
    }
  return problems;
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RapportError('RAPPORT_E_CONFIG_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}
