import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ModelServer, startModelServer } from '../doubles/model-server.js';
import { CliRunner, temporaryFolder } from './run-cli.js';

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly state: 'ok' | 'warning' | 'failed' | 'off';
    readonly detail: string;
    readonly cure?: string;
  }[];
  readonly config: Record<string, unknown> | null;
}

const folder = temporaryFolder();
let server: ModelServer;
let other: Server;
let cli: CliRunner;

beforeAll(async () => {
  server = await startModelServer({ models: ['test-model'] });
  other = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  cli = new CliRunner(folder.path, { MODEL_BASE_URL: server.url, MODEL_NAME: 'test-model', PORT: '0' });
});
afterAll(async () => {
  await server.stop();
  await new Promise((resolve) => other.close(resolve));
  folder.remove();
});

function check(report: Report, name: string): Report['checks'][number] {
  const found = report.checks.find((each) => each.name.startsWith(name));
  if (!found) throw new Error(`no check ${name} in ${report.checks.map((each) => each.name).join(', ')}`);
  return found;
}

describe('doctor', () => {
  test('everything configured and well', async () => {
    const report = await cli.json<Report>(['doctor']);
    expect(Object.keys(report)).toEqual(['ok', 'checks', 'config']);
    expect(report.ok).toBe(true);
    for (const name of [
      'Node.js',
      'configuration',
      'characters',
      'sentence encoder',
      'model server',
      'data folder',
      'store',
      'port',
    ])
      expect(check(report, name)).toMatchObject({ state: 'ok' });
    expect(check(report, 'embedded model').state).toBe('off');
    expect(check(report, 'model server').detail).toContain('test-model');
    expect(check(report, 'characters').detail).toMatch(/^25 from/);
    expect(check(report, 'Discord')).toMatchObject({
      state: 'off',
      cure: expect.stringContaining('DISCORD_TOKEN'),
    });
    expect(check(report, 'Slack')).toMatchObject({
      state: 'off',
      cure: expect.stringContaining('SLACK_BOT_TOKEN'),
    });
  });

  test('for reading: a mark a line, then the changed settings, on one screen', async () => {
    const { code, stdout } = await cli.run(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ Node\.js/);
    expect(stdout).toMatch(/^ {2}server:\n {4}port: 0$/m);
    expect(stdout).toMatch(/^ {6}name: test-model$/m);
    expect(stdout).not.toContain('breaker:');
    expect(stdout.split('\n').length).toBeLessThan(45);
    expect(stdout).toMatch(/\nReady\.\n$/);
  });

  test('every setting, and the manifest alone', async () => {
    const settings = await cli.run(['doctor', '--config']);
    expect(settings.stdout).toMatch(/^ {4}breaker:$/m);
    const { code, stdout } = await cli.run(['doctor', '--manifest'], {
      env: { SLACK_MODE: 'http', SLACK_PUBLIC_URL: 'https://chat.example.com' },
    });
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({
      settings: {
        socket_mode_enabled: false,
        event_subscriptions: { request_url: 'https://chat.example.com/slack/events' },
      },
    });
  });

  test('who has only half of Slack set up gets the manifest at hand', async () => {
    const { code, stdout } = await cli.run(['doctor'], { env: { SLACK_APP_TOKEN: 'xapp-1-test' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nThe manifest of your Slack app:\n/);
    expect(stdout).toMatch(/^ +socket_mode_enabled: true$/m);
  });

  test('a problem names the variable that brought it', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { MODEL_BASE_URL: 'localhost:11434' });
    expect(check(report, 'configuration').detail).toContain(
      'MODEL_BASE_URL (model.endpoints.default.urls.0)',
    );
  });

  test('never shows a secret', async () => {
    const env = {
      RAPPORT_API_KEY: 'key-that-nobody-sees',
      MODEL_API_KEY: 'model-key-that-nobody-sees',
      MODEL_BASE_URL: server.url.replace('http://', 'http://user:password-unseen@'),
    };
    const { stdout, stderr } = await cli.run(['doctor', '--json'], { env });
    expect(`${stdout}${stderr}`).not.toMatch(/nobody-sees|unseen/);
    const { config } = JSON.parse(stdout) as Report;
    expect(config?.secrets).toMatchObject({ RAPPORT_API_KEY: 'set', MODEL_API_KEY: 'set', REDIS_URL: null });
  });

  test('an unreachable model server is a failure with a cure', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { MODEL_BASE_URL: 'http://127.0.0.1:9/v1' });
    expect(report.ok).toBe(false);
    expect(check(report, 'model server')).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining('MODEL_BASE_URL'),
    });
  });

  test('a model name that the server refuses', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { MODEL_NAME: 'another-model' });
    expect(check(report, 'model server')).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining('test-model'),
    });
  });

  test('no model name', async () => {
    const report = await cli.json<Report>(['doctor'], 0, { MODEL_NAME: '' });
    expect(check(report, 'model server')).toMatchObject({
      state: 'warning',
      cure: expect.stringContaining('test-model'),
    });
  });

  test('without a server the embedded model is looked at', async () => {
    const env = { MODEL_BASE_URL: '', MODEL_EMBEDDED: '/no/such/folder' };
    const report = await cli.json<Report>(['doctor'], 1, env);
    expect(check(report, 'embedded model')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('RAPPORT_E_MODEL_FILE'),
    });
  });

  test('a model name without a server says what it lacks', async () => {
    const report = await cli.json<Report>(['doctor'], 0, { MODEL_BASE_URL: '', MODEL_NAME: 'llama3.1' });
    expect(check(report, 'embedded model')).toMatchObject({
      state: 'warning',
      cure: expect.stringContaining('MODEL_BASE_URL'),
    });
  });

  test('a missing encoder is a warning, for shared words do instead', async () => {
    const file = join(folder.path, 'no-encoder.yaml');
    writeFileSync(file, 'scorers: { encoder: no-such-folder }\n');
    const report = await cli.json<Report>(['doctor'], 0, { RAPPORT_CONFIG: file });
    expect(check(report, 'sentence encoder')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('lexical'),
    });
  });

  test('a port that another program has', async () => {
    const { port } = other.address() as AddressInfo;
    const report = await cli.json<Report>(['doctor'], 1, { PORT: String(port) });
    expect(check(report, 'port')).toMatchObject({ state: 'failed', cure: expect.stringContaining('PORT') });
  });

  test('an open address without a key', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { RAPPORT_HOST: '0.0.0.0' });
    expect(check(report, 'API key')).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining('RAPPORT_API_KEY'),
    });
  });

  test('a store that cannot be reached', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { REDIS_URL: 'redis://127.0.0.1:9' });
    expect(check(report, 'store')).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining('REDIS_URL'),
    });
  });

  test('a configuration that cannot be read is the one thing told', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { PORT: 'many' });
    expect(report.config).toBeNull();
    expect(check(report, 'configuration')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('server.port'),
    });
  });

  test('half of the Slack tokens', async () => {
    const report = await cli.json<Report>(['doctor'], 1, { SLACK_BOT_TOKEN: 'xoxb-half-of-it' });
    expect(check(report, 'Slack')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('SLACK_APP_TOKEN is missing'),
    });
  });
});

test('says by which law one goes, and warns of what somebody in danger would miss', async () => {
  const usual = await cli.json<Report>(['doctor']);
  expect(check(usual, 'law').detail).toContain('strictest');
  expect(['care reader', 'care threshold', 'helplines'].map((name) => check(usual, name).state)).toEqual([
    'ok',
    'ok',
    'ok',
  ]);
  const file = join(folder.path, 'careless.yaml');
  writeFileSync(
    file,
    'care: { threshold: 0.9, jurisdiction: eu, humans: { to: [{ discord: "123456789012345678" }] } }\nscorers: { careReader: "off" }\n',
  );
  const careless = await cli.json<Report>(['doctor'], 0, { RAPPORT_CONFIG: file });
  expect(usual.checks.map(({ name }) => name)).not.toContain('humans');
  expect(check(careless, 'humans').detail).toContain('not set up: Discord');
  expect(['care reader', 'care threshold', 'humans'].map((name) => check(careless, name).state)).toEqual([
    'warning',
    'warning',
    'warning',
  ]);
  expect(check(careless, 'care threshold').detail).toContain('missed');
  const { threshold } = (usual.config as { care: { threshold: number } }).care;
  expect(check(careless, 'care threshold').cure).toContain(` ${threshold} is the default`);
  expect(check(careless, 'country').state).toBe('off');
});
