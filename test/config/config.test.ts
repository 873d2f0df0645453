import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platforms } from '../../adapters/index.js';
import { loadConfig, loadLocale } from '../../app/settings.js';
import { overrides } from '../../config/environment.js';
import { RapportError } from '../../config/errors.js';
import { redact, secretNames } from '../../config/secrets.js';
import { loadStrategies } from '../../config/strategies.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failure = (env: NodeJS.ProcessEnv): RapportError => {
  try {
    loadConfig(env, folder);
  } catch (error) {
    if (error instanceof RapportError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

describe('configuration', () => {
  it('starts on nothing: loopback, port 3000, embedded model', () => {
    const { config, secrets } = loadConfig({}, folder);
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 3000 });
    expect(config.model.endpoints.default?.urls).toEqual([]);
    expect(secrets).toEqual({});
  });

  it('merges the own file over the defaults and the environment over both', () => {
    writeFileSync(join(folder, 'rapport.yaml'), 'server: { port: 4000 }\nmemory: { perTurn: 2 }\n');
    const { config, sources } = loadConfig(
      { PORT: '5000', MODEL_BASE_URL: 'http://a/v1, http://b/v1' },
      folder,
    );
    expect(config.server).toMatchObject({ port: 5000, host: '127.0.0.1' });
    expect(config.memory).toMatchObject({ perTurn: 2, repeatMax: 3 });
    expect(config.model.endpoints.default?.urls).toEqual(['http://a/v1', 'http://b/v1']);
    expect(sources).toContain('$PORT');
  });

  it('takes settings under their names of 0.1.0, and says so', () => {
    writeFileSync(
      join(folder, 'rapport.yaml'),
      [
        'models:',
        '  personaScore: { kind: characterchat-ckpt, path: data/score }',
        '  memorySelector: { kind: characterchat-bert, path: data/selecter }',
        'scorers: { emotion: off }',
      ].join('\n'),
    );
    const { config, notes } = loadConfig({}, folder);
    expect(config.scorers).toMatchObject({
      personaScore: { kind: 'characterchat-ckpt', path: 'data/score' },
      characterchatSelector: 'data/selecter',
      emotion: 'off',
    });
    expect(notes).toHaveLength(2);
    expect(notes.join()).toMatch(/models\.personaScore.*models\.memorySelector/s);
    expect(loadConfig({}, join(folder, 'nowhere')).notes).toEqual([]);
  });

  it('takes a variant of the format it goes with only', () => {
    const file = join(folder, 'rapport.yaml');
    writeFileSync(file, 'model: { default: { format: chat, variant: system-in-user } }\n');
    expect(loadConfig({}, folder).config.model.default.variant).toBe('system-in-user');
    writeFileSync(file, 'model: { default: { format: chat, variant: act-form-a } }\n');
    expect(failure({}).message).toMatch(/model\.default\.variant: .*personagpt.*found "chat"/);
  });

  it('reports every problem at once, with path, what is allowed and what was found', () => {
    writeFileSync(
      join(folder, 'rapport.yaml'),
      'memroy: {}\nlog: { level: loud }\nmodel: { default: { endpoint: nowhere } }\n',
    );
    const { code, message } = failure({ PORT: 'eighty' });
    expect(code).toBe('RAPPORT_E_CONFIG_INVALID');
    expect(message).toMatch(/memroy/);
    expect(message).toMatch(/log\.level: .*"debug".*found "loud"/);
    expect(message).toMatch(/PORT \(server\.port\): .*found "eighty"/);
    expect(message).toMatch(/^The configuration has [34] problem/);
  });

  it('names an endpoint that a route wants and nobody defined', () => {
    writeFileSync(
      join(folder, 'rapport.yaml'),
      'model: { routes: [{ match: { tags: [a] }, endpoint: gpu }] }\n',
    );
    expect(failure({}).message).toContain(
      'model.routes.0.endpoint: must be embedded or one of default; found "gpu"',
    );
  });

  it('refuses files that are missing or no YAML, naming them', () => {
    expect(failure({ RAPPORT_CONFIG: 'gone.yaml' })).toMatchObject({ code: 'RAPPORT_E_CONFIG_UNREADABLE' });
    writeFileSync(join(folder, 'rapport.yaml'), 'a: [');
    expect(failure({}).message).toContain('rapport.yaml');
  });

  it('reads secrets from files and takes them out of any text', () => {
    writeFileSync(join(folder, 'key'), 'a-long-secret\n');
    const { secrets } = loadConfig({ MODEL_API_KEY_FILE: join(folder, 'key') }, folder);
    expect(secrets.MODEL_API_KEY).toBe('a-long-secret');
    expect(redact('sent a-long-secret to redis://bob:pass@host/0', secrets)).toBe(
      'sent *** to redis://bob:***@host/0',
    );
    expect(failure({ MODEL_API_KEY_FILE: join(folder, 'none') }).code).toBe('RAPPORT_E_CONFIG_UNREADABLE');
  });

  it('documents every variable', async () => {
    const { readFile } = await import('node:fs/promises');
    const page = await readFile(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
    for (const name of [
      ...overrides.map(({ variable }) => variable),
      ...platforms.flatMap(({ environment }) => environment.map(({ variable }) => variable)),
      ...secretNames,
    ])
      expect(page).toContain(`\`${name}\``);
  });
});

describe('words and strategies', () => {
  it('F.2: chooses the form of a text by its number', () => {
    const { say } = loadLocale('en');
    expect(say('why.model.dropped', { count: 1 })).toContain('its oldest line was');
    expect(say('why.model.dropped', { count: 2 })).toContain('its 2 oldest lines were');
    expect(say('allowance.tokens', { hours: 1 })).toContain('within the hour');
    expect(() => say('why.model.dropped')).toThrow('why.model.dropped');
  });

  it('fills places, and a missing text is an error at once', () => {
    const { say } = loadLocale('en');
    expect(say('match.chosen', { name: 'Rin' })).toBe('You chose Rin.');
    expect(() => say('match.nothing-like-it')).toThrow('match.nothing-like-it');
    expect(() => loadLocale('xx')).toThrow(RapportError);
  });

  it('has a full share of strategies for every sixth of a talk', () => {
    const { strategies } = loadStrategies();
    expect(strategies).toHaveLength(8);
    for (let sixth = 0; sixth < 6; sixth += 1)
      expect(strategies.reduce((sum, { priors }) => sum + (priors[sixth] ?? 0), 0)).toBeCloseTo(1, 5);
  });
});
