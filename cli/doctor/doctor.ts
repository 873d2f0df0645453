import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { platforms } from '../../adapters/index.js';
import { type Check, failedCheck } from '../../adapters/platform.js';
import { ownManifest } from '../../adapters/slack/manifest/manifest.js';
import { createScorers, type Scorers } from '../../app/scorers.js';
import { loadConfig, loadLocale } from '../../app/settings.js';
import { openStore } from '../../app/store.js';
import { configuredBank, importedCharacters } from '../../characters/bank.js';
import type { LoadedConfig } from '../../config/load.js';
import { packageRoot } from '../../config/root.js';
import { redact } from '../../config/secrets.js';
import { systemClock } from '../../src/clock.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { printJson, printLine } from '../output.js';
import { careChecks } from './care-checks.js';
import { modelChecks } from './model-checks.js';
import { dataDirCheck, storeChecks } from './state-checks.js';

const needsCare: ReadonlySet<Check['state']> = new Set(['warning', 'failed']);
const marks: Readonly<Record<Check['state'], string>> = { ok: '✓', warning: '!', failed: '✗', off: '-' };

export interface DoctorOptions {
  readonly json?: boolean;
  /** Print every setting, not only those that were changed. */
  readonly config?: boolean;
  /** Print nothing but the manifest of the Slack app. */
  readonly manifest?: boolean;
}

/** Checks every part and prints what was found. @returns the exit code: 1 when something required is broken. */
export async function doctor({ json, config: all, manifest }: DoctorOptions): Promise<0 | 1> {
  if (manifest) {
    printLine(ownManifest(loadConfig()).trimEnd());
    return 0;
  }
  const { checks, loaded } = await examine();
  const shown = loaded && effective(loaded);
  const clean = loaded ? checks.map((check) => redacted(check, loaded.secrets) as Check) : checks;
  const ok = clean.every(({ state }) => state !== 'failed');
  if (json) printJson({ ok, checks: clean, config: shown });
  else {
    for (const { name, state, detail, cure } of clean) {
      printLine(`${marks[state]} ${name.padEnd(22)} ${detail}`);
      if (cure) printLine(`${' '.repeat(25)}→ ${cure}`);
    }
    if (loaded && all) await printSettings('The configuration in effect:', shown);
    else if (loaded) {
      const own = changed(loaded.config, defaultConfig());
      if (own !== undefined) await printSettings('Changed settings:', redacted(own, loaded.secrets));
      printLine('\n--config shows every setting, --manifest the manifest of your Slack app.');
    }
    // Who has to set something right at Slack needs it at hand.
    if (loaded && clean.some(({ name, state }) => name.startsWith('Slack') && needsCare.has(state)))
      printLine(`\nThe manifest of your Slack app:\n${ownManifest(loaded).trimEnd().replace(/^/gm, '  ')}`);
    printLine(ok ? '\nReady.' : '\nNot ready: see the lines marked ✗.');
  }
  return ok ? 0 : 1;
}

/** The settings of whoever has changed none. */
function defaultConfig(): LoadedConfig['config'] {
  return loadConfig({}, join(packageRoot, 'config')).config;
}

async function printSettings(title: string, settings: unknown): Promise<void> {
  const { stringify } = await import('yaml');
  printLine(`\n${title}\n${stringify(settings, { lineWidth: 110 }).trimEnd().replace(/^/gm, '  ')}`);
}

async function examine(): Promise<{
  readonly checks: readonly Check[];
  readonly loaded: LoadedConfig | null;
}> {
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig();
  } catch (error) {
    return { checks: [nodeCheck(), failedCheck('configuration', error)], loaded: null };
  }
  const dataDir = dataDirCheck(loaded);
  // Side by side, but for the scorers: they and the store write to the data folder.
  const [scorers, models, ...ofPlatforms] = await Promise.all([
    scorerChecks(loaded),
    modelChecks(loaded),
    ...platforms.map((platform) => platform.doctor?.(loaded, () => openStore(loaded)) ?? []),
  ]);
  return {
    loaded,
    checks: [
      nodeCheck(),
      { name: 'configuration', state: 'ok', detail: `from ${loaded.sources.join(', ')}` },
      charactersCheck(loaded),
      ...scorers,
      ...careChecks(loaded, defaultConfig(), systemClock.now()),
      ...models,
      dataDir,
      ...(await storeChecks(loaded)),
      ...ofPlatforms.flat(),
    ],
  };
}

function nodeCheck(): Check {
  const name = 'Node.js';
  const { engines } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const [major = 0, minor = 0] = engines.node
    .replace(/[^\d.]/g, '')
    .split('.')
    .map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  const detail = `${process.version}, wanted ${engines.node}`;
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return { name, state: 'ok', detail };
  return { name, state: 'failed', detail, cure: `Install Node.js ${engines.node} (https://nodejs.org).` };
}

function charactersCheck(loaded: LoadedConfig): Check {
  const name = 'characters';
  try {
    const { all } = configuredBank(loaded.config);
    const matchable = all.filter((character) => character.matchable).length;
    const detail = `${all.length} from ${loaded.config.characters.paths.join(', ')}, ${matchable} of them matched`;
    const [unread] = importedCharacters(loaded.config).problems;
    if (unread !== undefined)
      return {
        name,
        state: 'warning',
        detail: `${detail}; an imported one cannot be read: ${unread}`,
        cure: 'Correct its character.json, or remove its folder.',
      };
    if (matchable > 0) return { name, state: 'ok', detail };
    return {
      name,
      state: 'warning',
      detail,
      cure: 'Nobody can be matched: add a character without `matchable: false`.',
    };
  } catch (error) {
    return failedCheck(name, error);
  }
}

const trainedNames: Readonly<Record<string, string>> = {
  memorySelector: 'memory selector',
  strategyPlanner: 'strategy planner',
  emotion: 'emotion classifier',
  replyRanker: 'reply ranker',
};

/** The encoder and what is trained on it. */
async function scorerChecks({ config }: LoadedConfig): Promise<Check[]> {
  const scorers = await createScorers(config, loadLocale(config.locale).say, silentLogger);
  await scorers.close();
  return [
    encoderCheck(config, scorers),
    ...scorers.trained.map(({ name, kind, problem }): Check => {
      const title = trainedNames[name] ?? name;
      if (!problem) return { name: title, state: kind === 'none' ? 'off' : 'ok', detail: kind };
      const { detail, cure } = failedCheck(title, problem);
      return { name: title, state: 'warning', detail: `${detail} ${kind} instead.`, ...(cure && { cure }) };
    }),
  ];
}

function encoderCheck(config: LoadedConfig['config'], scorers: Scorers): Check {
  const name = 'sentence encoder';
  const { problem, scorer, matcher } = scorers;
  const ok = `${config.scorers.encoder}; matching and memory by meaning (${scorer.kind})`;
  if (matcher?.problem) {
    const { detail, cure } = failedCheck(name, matcher.problem);
    return {
      name,
      state: 'warning',
      detail: `${ok}. ${detail} The learned fit is left out.`,
      ...(cure && { cure }),
    };
  }
  if (matcher?.fit === 'other-encoder')
    return {
      name,
      state: 'warning',
      detail: `${ok}; the learned fit in ${config.scorers.personaScore.path} was made for another encoder and is left out`,
      cure: 'Make it anew: `python -m persona_score` in lab/training.',
    };
  if (!problem) return { name, state: 'ok', detail: ok };
  const { detail, cure } = failedCheck(name, problem);
  return {
    name,
    state: 'warning',
    detail: `${detail} Matching and memory use shared words (${scorer.kind}).`,
    ...(cure && { cure }),
  };
}

/** Of a tree of settings those that differ from another's; undefined where none does. */
function changed(settings: unknown, defaults: unknown): unknown {
  if (isDeepStrictEqual(settings, defaults)) return undefined;
  if (!isTree(settings) || !isTree(defaults)) return settings;
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) => {
      const own = changed(value, defaults[key]);
      return own === undefined ? [] : [[key, own]];
    }),
  );
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The settings in effect; of the secrets only whether they are set. */
function effective({ config, secrets, secretNames, sources }: LoadedConfig): unknown {
  const set = Object.fromEntries(
    secretNames.map((name) => [name, secrets[name] === undefined ? null : 'set']),
  );
  return redacted({ sources, ...config, secrets: set }, secrets);
}

function redacted(value: unknown, secrets: LoadedConfig['secrets']): unknown {
  if (typeof value === 'string') return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redacted(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, secrets)]));
}
