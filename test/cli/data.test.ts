import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalPerson } from '../../adapters/terminal/local-person.js';
import { type ModelServer, startModelServer } from '../doubles/model-server.js';
import { CliRunner, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
const person = terminalPerson();
let server: ModelServer;
let cli: CliRunner;

beforeAll(async () => {
  server = await startModelServer();
  cli = new CliRunner(folder.path, { MODEL_BASE_URL: server.url, MODEL_NAME: 'test-model' });
  await cli.run(['chat', '--character', 'maren-voss'], {
    input: 'I cannot sleep.\n!remember I have two cats\n',
  });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('what the terminal stored is exported, to stdout or to a file', async () => {
  const { code, stdout } = await cli.run(['data', 'export', '--person', person]);
  expect(code).toBe(0);
  const data = JSON.parse(stdout) as { sessions: { transcript: { text: string }[] }[] };
  expect(data).toMatchObject({ personId: person, memories: [{ text: 'I have two cats' }] });
  expect(data.sessions[0]?.transcript.map(({ text }) => text)).toContain('I cannot sleep.');

  const page = await cli.run(['data', 'export', '--person', person, '--html']);
  expect(page.stdout).toMatch(/^<!doctype html>.*I have two cats.*I cannot sleep\./s);

  const file = join(folder.path, 'export.json');
  const toFile = await cli.run(['data', 'export', '--person', person, '--out', file]);
  expect(toFile).toMatchObject({ code: 0, stdout: '' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ personId: person });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that cannot be written is a coded error', async () => {
  const { code, stderr } = await cli.run([
    'data',
    'export',
    '--person',
    person,
    '--out',
    join(folder.path, 'no', 'way.json'),
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^RAPPORT_E_FILE_UNREADABLE: .*ENOENT/);
});

test('nobody known: an empty export, and it is said', async () => {
  const { code, stdout, stderr } = await cli.run(['data', 'export', '--person', 'web:unknown']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ profile: null, memories: [], sessions: [] });
  expect(stderr).toBe('Nothing is stored about web:unknown.\n');
});

test('erase removes everything', async () => {
  const { erased } = await cli.json<{ erased: Record<string, number> }>([
    'data',
    'erase',
    '--person',
    person,
    '--yes',
  ]);
  expect(erased).toMatchObject({ sessions: 1, memories: 1 });
  const { stdout } = await cli.run(['data', 'export', '--person', person]);
  expect(JSON.parse(stdout)).toMatchObject({ memories: [], sessions: [] });
  const again = await cli.run(['data', 'erase', '--person', person, '--yes']);
  expect(again.stdout).toMatch(/: 0 conversations, 0 lines, 0 remembered facts\.\n$/);
});

test('what was counted of care is reported by month, without words or people', async () => {
  await cli.run(['chat', '--character', 'maren-voss'], { input: 'I want to kill myself\n/safety\n' });
  const year = new Date().getUTCFullYear();
  const report = await cli.json<{ total: Record<string, number>; months: Record<string, object> }>([
    'report',
    'care',
    '--year',
    String(year),
  ]);
  expect(report.total).toMatchObject({ 'helplines:alarm': 1, 'helplines:asked': 1, reminder: 0 });
  expect(Object.keys(report.months)).toHaveLength(12);
  const text = await cli.run(['report', 'care']);
  expect(text.stdout).toMatch(/helplines:asked +1/);
  expect(JSON.stringify(report) + text.stdout).not.toMatch(/kill myself|terminal:/);
  expect(await cli.run(['report', 'money'])).toMatchObject({ code: 2 });
});

test('what is stored is encrypted when asked for, and asks for its key from then on (issue 13 §4)', async () => {
  const own = temporaryFolder();
  const runner = new CliRunner(own.path, { MODEL_BASE_URL: server.url, MODEL_NAME: 'test-model' });
  const env = { RAPPORT_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  await runner.run(['chat', '--character', 'maren-voss'], { input: 'heliotrope\n' });
  const kept = (): string => readFileSync(join(own.path, 'data/rapport.db'), 'latin1');
  expect(kept()).toContain('heliotrope');
  const { key, texts } = await runner.json<{ key: string; texts: number }>(['data', 'encrypt'], 0, env);
  expect(texts).toBeGreaterThan(2);
  expect(kept()).not.toContain('heliotrope');
  const { stdout } = await runner.run(['data', 'export', '--person', person], { env });
  expect(stdout).toContain('heliotrope');
  const without = await runner.run(['data', 'export', '--person', person]);
  expect(without.code).toBe(1);
  expect(without.stderr).toMatch(new RegExp(`^RAPPORT_E_DATA_ENCRYPTED: .*${key}`));
  const none = await runner.run(['data', 'encrypt'], { env: { RAPPORT_ENCRYPTION_KEY: 'x' } });
  expect(none.stderr).toMatch(/^RAPPORT_E_ENCRYPTION_KEY/);
  const { checks } = await runner.json<{ checks: { name: string; detail: string }[] }>(['doctor'], 0, env);
  expect(checks.find(({ name }) => name === 'texts at rest')).toMatchObject({ state: 'ok' });
  own.remove();
});
