/** One environment variable that overrides a setting. */
export interface Override {
  readonly variable: string;
  /** Path in the configuration. */
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'list';
  readonly help: string;
}

/** The overrides that belong to no platform; docs/configuration.md lists all of them. */
export const overrides: readonly Override[] = [
  {
    variable: 'PORT',
    path: ['server', 'port'],
    kind: 'number',
    help: 'port of the HTTP server (default 3000)',
  },
  {
    variable: 'RAPPORT_HOST',
    path: ['server', 'host'],
    kind: 'text',
    help: 'address to listen on (default 127.0.0.1)',
  },
  {
    variable: 'RAPPORT_ALLOWED_HOSTS',
    path: ['server', 'allowedHosts'],
    kind: 'list',
    help: 'further host names the server answers to',
  },
  {
    variable: 'RAPPORT_CORS_ORIGINS',
    path: ['server', 'corsOrigins'],
    kind: 'list',
    help: 'origins of other sites whose pages may call /v1 from the browser',
  },
  {
    variable: 'RAPPORT_TRUSTED_PROXIES',
    path: ['server', 'trustedProxies'],
    kind: 'list',
    help: 'addresses or networks of reverse proxies whose X-Forwarded-For is believed',
  },
  {
    variable: 'RAPPORT_DATA_DIR',
    path: ['data', 'dir'],
    kind: 'text',
    help: 'folder of the embedded state and caches (default ./data)',
  },
  {
    variable: 'RAPPORT_CHARACTERS',
    path: ['characters', 'paths'],
    kind: 'list',
    help: 'character folders or files',
  },
  { variable: 'LOG_LEVEL', path: ['log', 'level'], kind: 'text', help: 'debug, info, warn, error or silent' },
  {
    variable: 'MODEL_BASE_URL',
    path: ['model', 'endpoints', 'default', 'urls'],
    kind: 'list',
    help: 'OpenAI-compatible server(s), with /v1',
  },
  {
    variable: 'MODEL_NAME',
    path: ['model', 'default', 'name'],
    kind: 'text',
    help: 'model name sent to the server',
  },
  {
    variable: 'MODEL_FORMAT',
    path: ['model', 'default', 'format'],
    kind: 'text',
    help: 'chat, characterchat, character-llm or personagpt',
  },
  {
    variable: 'MODEL_CONTEXT_TOKENS',
    path: ['model', 'endpoints', 'default', 'contextTokens'],
    kind: 'number',
    help: 'window of the model',
  },
  {
    variable: 'MODEL_EMBEDDED',
    path: ['model', 'embedded', 'model'],
    kind: 'text',
    help: 'folder or hub id of the embedded model',
  },
];

/** Puts the overrides found in `env` into a plain configuration tree. Numbers that are none stay text, for the schema to refuse. */
export function applyEnvironment(
  tree: Record<string, unknown>,
  env: NodeJS.ProcessEnv,
  known: readonly Override[],
): void {
  for (const { variable, path, kind } of known) {
    const value = env[variable]?.trim();
    if (value) put(tree, path, convert(value, kind));
  }
}

function convert(value: string, kind: Override['kind']): unknown {
  if (kind === 'list')
    return value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value;
}

function put(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = tree;
  for (const key of path.slice(0, -1)) {
    const next = node[key];
    node[key] = typeof next === 'object' && next !== null ? next : {};
    node = node[key] as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) node[last] = value;
}
