import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../doubles/model-server.js';
import { CliRunner, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
let server: ModelServer;
let cli: CliRunner;

beforeAll(async () => {
  server = await startModelServer();
  cli = new CliRunner(folder.path, { MODEL_BASE_URL: server.url, MODEL_NAME: 'test-model' });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

interface Request {
  readonly endpoint: string;
  readonly body: Record<string, unknown> & {
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly prompt?: string;
  };
}

function sessionFile(name: string, content: unknown): string {
  const file = join(folder.path, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const talk = {
  character: { name: 'Tom Reed', statement: 'You are Tom Reed, a gardener.' },
  turns: [{ speaker: 'seeker', text: 'I cannot sleep.' }],
};

describe('prompt', () => {
  test('prints exactly endpoint and body; the model name is the configured one', async () => {
    const request = await cli.json<Request>(['prompt', '--session', sessionFile('talk.json', talk)]);
    expect(Object.keys(request)).toEqual(['endpoint', 'body']);
    expect(request.endpoint).toBe('chat/completions');
    expect(request.body.model).toBe('test-model');
    expect(request.body.messages?.[0]).toMatchObject({ role: 'system' });
    expect(request.body.messages?.at(-1)?.content).toContain('I cannot sleep.');
  });

  test('--format and --model win', async () => {
    const file = sessionFile('formats.json', { ...talk, format: 'chat' });
    const request = await cli.json<Request>([
      'prompt',
      '--session',
      file,
      '--format',
      'characterchat',
      '--model',
      'mine',
    ]);
    expect(request.endpoint).toBe('completions');
    expect(request.body.model).toBe('mine');
    expect(request.body.prompt).toBe(
      '<SYSTEM>You are Tom Reed, a gardener.<SEEKER>I cannot sleep.<SUPPORTER>[INFO-]',
    );
  });

  test('D.7: --variant prints another layout, of the format that it goes with', async () => {
    const goal = { ...talk, goal: 'ask about hobbies.' };
    const args = ['prompt', '--session', sessionFile('variant.json', goal), '--variant', 'act-form-a'];
    const request = await cli.json<Request>(args);
    expect(request.body.prompt).toBe(
      '<|act|>ask about hobbies.<|p1|><|sep|><|start|>I cannot sleep.<|endoftext|>',
    );
    const { code, stderr } = await cli.run([...args, '--format', 'chat']);
    expect(code).toBe(2);
    expect(stderr).toContain('goes with the format personagpt only');
  });

  test('is readable without --json', async () => {
    const { code, stdout } = await cli.run(['prompt', '--session', sessionFile('readable.json', talk)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^POST \{base\}\/chat\/completions {2}\(format chat, model test-model\)\n\d+ tokens/,
    );
    expect(stdout).toContain('[system]');
    expect(stdout).toContain('I cannot sleep.');
  });

  test('sends nothing to the model', async () => {
    await cli.json(['prompt', '--session', sessionFile('quiet.json', talk)]);
    expect(server.completions).toHaveLength(0);
  });

  test('a dead server does not matter', async () => {
    const file = sessionFile('dead.json', talk);
    const request = await cli.json<Request>(['prompt', '--session', file], 0, {
      MODEL_BASE_URL: 'http://127.0.0.1:9/v1',
    });
    expect(request.body.messages?.length).toBeGreaterThan(1);
  });

  test.each<readonly [string, unknown, RegExp]>([
    ['no file', null, /^RAPPORT_E_FILE_UNREADABLE: .*ENOENT/],
    ['no JSON', '{"turns": [', /^RAPPORT_E_INPUT_INVALID: .* is not JSON/],
    [
      'two problems',
      { character: 3, turns: 'none' },
      /^RAPPORT_E_INPUT_INVALID: [\s\S]*character: [\s\S]*turns: /,
    ],
    ['an unknown key', { ...talk, tunrs: [] }, /unknown key "tunrs"/],
    ['an unknown character', { ...talk, character: 'nobody' }, /^RAPPORT_E_CHARACTER_UNKNOWN/],
  ])('%s is a coded error with a cure', async (name, content, message) => {
    const file =
      content === null
        ? join(folder.path, 'missing.json')
        : sessionFile(`${name.replace(/ /g, '-')}.json`, content);
    const { code, stdout, stderr } = await cli.run(['prompt', '--session', file, '--json']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/\n→ \S/);
  });
});
