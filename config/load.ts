import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { applyEnvironment, type Override, overrides } from './environment.js';
import { RapportError, reasonOf } from './errors.js';
import { formatOfVariant } from './prompt-format.js';
import { packageRoot } from './root.js';
import { type Config, configSchema } from './schema.js';
import { readSecrets, type Secrets, secretNames } from './secrets.js';

/** What a platform adds to the configuration; adapters/<name>/platform.ts says it. */
export interface PlatformPart {
  /** The first part of its ids (`discord:dm:1`), and the key of its settings in rapport.yaml. */
  readonly name: string;
  /** Its settings, declared in `PlatformSettings` (schema.ts) as well; null where it has none of its own. */
  readonly configSchema: z.ZodType | null;
  /** Environment variables that hold its secrets. */
  readonly secrets: readonly string[];
  /** Environment variables that override its settings. */
  readonly environment: readonly Override[];
  /** Files of config/locales with its words, without code and ending. */
  readonly locale: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  readonly secrets: Secrets;
  /** Every secret there is, set or not. */
  readonly secretNames: readonly string[];
  /** Where the settings came from, for doctor. */
  readonly sources: readonly string[];
  /** Settings that were found under an old name, for the log. */
  readonly notes: readonly string[];
}

/**
 * The effective configuration: defaults, then the operator's file, then the environment.
 * @param platforms whose settings are read; the key of any other is refused.
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE for a file that cannot be read or parsed;
 *   RAPPORT_E_CONFIG_INVALID naming every problem at once with its path, what was found and what is allowed.
 */
export function readConfig(
  platforms: readonly PlatformPart[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): LoadedConfig {
  const known = [...overrides, ...platforms.flatMap(({ environment }) => environment)];
  const sources = ['config/default.yaml'];
  const notes: string[] = [];
  let tree = readYaml(join(packageRoot, 'config/default.yaml'));
  const own = env.RAPPORT_CONFIG ? resolve(cwd, env.RAPPORT_CONFIG) : join(cwd, 'rapport.yaml');
  if (env.RAPPORT_CONFIG || existsSync(own)) {
    tree = merge(tree, renamed(readYaml(own), notes));
    sources.push(own);
  }
  applyEnvironment(tree, env, known);
  sources.push(
    ...known.filter(({ variable }) => env[variable]?.trim()).map(({ variable }) => `$${variable}`),
  );
  const parsed = schemaOf(platforms).safeParse(tree);
  const problems = parsed.success
    ? checkReferences(parsed.data)
    : describeProblems(parsed.error, tree, { env, known });
  if (!parsed.success || problems.length > 0)
    throw new RapportError('RAPPORT_E_CONFIG_INVALID', {
      count: problems.length,
      problems: problems.map((line) => `  ${line}`).join('\n'),
    });
  const secrets = [...secretNames, ...platforms.flatMap((platform) => platform.secrets)];
  return { config: parsed.data, secrets: readSecrets(env, secrets), secretNames: secrets, sources, notes };
}

/** The schema of everything. That each platform's part is what `PlatformSettings` says of it is the platform's promise. */
function schemaOf(platforms: readonly PlatformPart[]): z.ZodType<Config> {
  const parts = platforms.flatMap(({ name, configSchema: part }) => (part ? [[name, part] as const] : []));
  return z.strictObject({
    ...configSchema.shape,
    ...Object.fromEntries(parts),
  }) as unknown as z.ZodType<Config>;
}

/** One line a problem: path (and the variable of `env` that set it), what is allowed, what was found. */
export function describeProblems(
  error: z.ZodError,
  found: unknown,
  { env, known }: { readonly env: NodeJS.ProcessEnv; readonly known: readonly Override[] } = {
    env: {},
    known: [],
  },
): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.map(String);
    const value = path.reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key],
      found,
    );
    const name = path.join('.') || '(top level)';
    const set = known.find((one) => env[one.variable]?.trim() && one.path.every((key, n) => key === path[n]));
    return `${set ? `${set.variable} (${name})` : name}: ${issue.message}; found ${short(value)}`;
  });
}

function checkReferences(config: Config): string[] {
  const names = Object.keys(config.model.endpoints);
  const used = [
    { path: 'model.default.endpoint', name: config.model.default.endpoint },
    ...config.model.routes.map((route, index) => ({
      path: `model.routes.${index}.endpoint`,
      name: route.endpoint,
    })),
  ];
  return [
    ...used
      .filter(({ name }) => name !== 'embedded' && !names.includes(name))
      .map(
        ({ path, name }) => `${path}: must be embedded or one of ${names.join(', ')}; found ${short(name)}`,
      ),
    ...checkVariants(config),
  ];
}

/** A variant is one of a format; where characters bring their own format, it holds for those it fits. */
function checkVariants({ model }: Config): string[] {
  const places = [
    { path: 'model.default', ...model.default },
    ...model.routes
      .map((route, index) => ({ path: `model.routes.${index}`, ...route }))
      .filter(({ characterModel }) => !characterModel),
  ];
  return places.flatMap(({ path, variant, format = model.default.format }) =>
    variant === undefined || formatOfVariant[variant] === format
      ? []
      : [`${path}.variant: goes with the format ${formatOfVariant[variant]} only; found ${short(format)}`],
  );
}

function readYaml(file: string): Record<string, unknown> {
  try {
    const value: unknown = parse(readFileSync(file, 'utf8')) ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw new Error('the top level must be a mapping');
    return value as Record<string, unknown>;
  } catch (error) {
    throw new RapportError('RAPPORT_E_CONFIG_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}

/** Mappings are merged key by key; lists and scalars of `over` replace those of `base`. */
function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = isMapping(old) && isMapping(value) ? merge(old, value) : value;
  }
  return result;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function short(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A mapping of a configuration file. */
type Tree = Record<string, unknown>;

/**
 * The settings of an older version under their present names. What a file sets under both names keeps the present one.
 * @param notes takes a sentence for each setting that was found under an old name.
 */
function renamed(tree: Tree, notes: string[]): Tree {
  const { models, ...rest } = tree;
  if (!isTree(models)) return tree;
  const { personaScore, memorySelector, ...unknown } = models;
  const scorers: Tree = {};
  if (personaScore !== undefined) {
    scorers.personaScore = personaScore;
    notes.push('models.personaScore is now scorers.personaScore; rename it in your file');
  }
  if (isTree(memorySelector)) {
    if (memorySelector.kind === 'characterchat-bert') scorers.characterchatSelector = memorySelector.path;
    notes.push(
      'models.memorySelector is now scorers.characterchatSelector (its path, or off); rename it in your file',
    );
  }
  return {
    ...rest,
    // What is no setting of any version is left for the schema to name.
    ...(Object.keys(unknown).length > 0 && { models: unknown }),
    scorers: { ...scorers, ...(isTree(rest.scorers) && rest.scorers) },
  };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
