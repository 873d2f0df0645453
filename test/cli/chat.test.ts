import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultReply, type ModelServer, startModelServer } from '../doubles/model-server.js';
import { CliRunner, collect, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
let server: ModelServer;
let cli: CliRunner;

beforeAll(async () => {
  server = await startModelServer();
  cli = new CliRunner(folder.path, { MODEL_BASE_URL: server.url, MODEL_NAME: 'test-model' });
});
beforeEach(() => {
  server.behaviour = {};
  server.requests.length = 0;
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

interface Entry {
  readonly role: string;
  readonly text: string;
  readonly status: string;
  readonly trace?: { readonly stages: readonly { readonly stage: string }[] };
}
interface Line {
  readonly type: string;
  readonly session: string;
  readonly character: { readonly id: string };
  readonly entries: readonly Entry[];
  readonly error: { readonly code: string } | null;
  readonly command?: string;
}

function lines(stdout: string): Line[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** What the model was asked last, as one text. */
function lastPrompt(): string {
  const messages = server.completions.at(-1)?.body?.messages as { content: string }[] | undefined;
  return (messages ?? []).map(({ content }) => content).join('\n');
}

describe('chat', () => {
  test('answers every piped line as the chosen character and leaves at the end', async () => {
    const input = 'I cannot sleep.\n\nIt is the third night.\n';
    const { code, stdout, stderr } = await cli.run(['chat', '--character', 'maren-voss'], { input });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Maren is an AI character');
    expect(stdout.match(/^Maren: I hear you/gm)).toHaveLength(2);
    expect(server.completions).toHaveLength(2);
    expect(lastPrompt()).toContain('It is the third night.');
  });

  test('says that AI characters answer, and matches on the first message', async () => {
    const { code, stdout } = await cli.run(['chat'], { input: 'My husband died and I cannot sleep.\n' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Everybody you can talk to here is an AI character/m);
    expect(stdout).toMatch(/^You are matched with \S+/m);
    expect(stdout).toContain(defaultReply);
  });

  test('a crisis statement is answered without a model and without a match', async () => {
    const { code, stdout } = await cli.run(['chat'], { input: 'I want to kill myself.\n' });
    expect(code).toBe(0);
    expect(stdout).toContain('findahelpline.com');
    expect(stdout).not.toContain('You are matched');
    expect(server.completions).toHaveLength(0);
  });

  test('the commands', async () => {
    const input = [
      '/why',
      'I cannot sleep.',
      '/why',
      '/why stages',
      '!remember I have two cats',
      '/facts',
      '/memory ask',
      '/keep 1',
      '/lorebook',
      '/steer music',
      'And you?',
      '/regenerate',
      '/list voss',
      '/list zzzz',
      '/sessions',
      '/stop',
      '/nonsense',
      '/export out.json',
      '//slash',
      '/character socrates',
      '/character nobody',
      '/help',
      '/quit',
      'never sent',
    ].join('\n');
    const { code, stdout, stderr } = await cli.run(['chat', '--character', 'maren-voss'], { input });
    expect(stdout).toContain('There is no reply yet.');
    expect(stdout).toMatch(/^Why Maren\n {2}You chose Maren\.$/m);
    expect(stdout).toMatch(/^Which model wrote it\n {2}The words are those of/m);
    expect(stdout).toMatch(/^memory {4}[\d.]+ ms {2}kind \S+/m);
    expect(stdout).toMatch(/^1\. I have two cats$/m);
    expect(stdout).toContain('keep only those you say yes to');
    expect(stdout).toContain('Nothing of that number waits.');
    expect(stdout).toContain('You have no lorebook.');
    expect(stdout).toContain('The next reply will talk about music.');
    expect(stdout).toMatch(/^maren-voss {2}Maren Voss/m);
    expect(stdout).toContain('No character fits "zzzz".');
    expect(stdout).toMatch(/^terminal:\S+ {2}Maren Voss: .+ \(\d\)$/m);
    expect(stdout).toContain('No reply is being written.');
    expect(stdout).toContain('There is no command /nonsense');
    expect(stdout).toMatch(/^Socrates is an AI character/m);
    expect(stdout).toMatch(/^\/regenerate /m);
    const asked = server.completions.map(({ body }) => JSON.stringify(body));
    expect(asked).toHaveLength(4);
    expect(asked[1]).toContain('talk about music');
    expect(asked[2]).toContain('And you?');
    expect(asked[3]).toContain('/slash');
    expect(asked.join()).not.toContain('never sent');
    const file = join(folder.path, 'out.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ memories: [{ text: 'I have two cats' }] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(stderr).toMatch(/^RAPPORT_E_CHARACTER_UNKNOWN/);
    expect(code).toBe(1);
  });

  test('--json: a line an exchange with its trace; --session goes on', async () => {
    const first = await cli.run(['chat', '--character', 'maren-voss', '--json'], {
      input: 'Hello there.\n/why\n',
    });
    expect(first.code).toBe(0);
    const [opened, exchange, why] = lines(first.stdout);
    expect(opened).toMatchObject({ type: 'opened', character: { id: 'maren-voss' } });
    expect(exchange).toMatchObject({
      type: 'exchange',
      status: 'answered',
      error: null,
      session: opened?.session,
    });
    expect(exchange?.entries.map(({ role, text }) => [role, text])).toEqual([
      ['seeker', 'Hello there.'],
      ['supporter', defaultReply],
    ]);
    expect(exchange?.entries[1]?.trace?.stages.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['match', 'memory', 'strategy', 'model']),
    );
    expect(why).toMatchObject({ type: 'answer', command: 'why' });

    const second = await cli.run(['chat', '--session', opened?.session ?? '', '--json'], {
      input: 'Still there?\n',
    });
    expect(lines(second.stdout)[1]).toMatchObject({ session: opened?.session });
    expect(lastPrompt()).toContain('Hello there.');
  });

  test('somebody else’s session is none', async () => {
    const { code, stderr } = await cli.run(['chat', '--session', 'web:1'], { input: 'Hello\n' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^RAPPORT_E_SESSION_UNKNOWN/);
  });

  test('an unknown character', async () => {
    const { code, stderr } = await cli.run(['chat', '--character', 'nobody'], { input: 'Hello\n' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^RAPPORT_E_CHARACTER_UNKNOWN/);
  });

  test('a model that fails: the person is told, the code goes to stderr, the exit code is 1', async () => {
    server.behaviour = {
      fault: { kind: 'status', status: 400, body: { error: { message: 'no such model' } } },
    };
    const { code, stdout, stderr } = await cli.run(['chat', '--character', 'maren-voss'], {
      input: 'Hello\n',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('Your message is kept');
    expect(stderr).toMatch(/^RAPPORT_E_MODEL_REFUSED: .*no such model.*\n→ /s);
  });

  test('terminal escapes of a model do not reach the screen', async () => {
    server.behaviour = { reply: 'red \u001b[31malert\u0007 over' };
    const { stdout } = await cli.run(['chat', '--character', 'maren-voss'], { input: 'Hello\n' });
    expect(stdout).toContain('red [31malert over');
    expect(stdout).not.toContain('\u001b');
  });

  test('Ctrl-C stops the reply; the second one leaves', async () => {
    server.behaviour = { fault: { kind: 'stall', afterTokens: 3 } };
    const child = cli.start(['chat', '--character', 'maren-voss']);
    const finished = collect(child);
    const shown = (text: string): Promise<void> =>
      new Promise((resolve) => {
        let seen = '';
        child.stdout.on('data', (part: string) => {
          seen += part;
          if (seen.includes(text)) resolve();
        });
      });
    const begun = shown('I hear');
    child.stdin.write('Hello\n');
    await begun;
    const stopped = shown('(stopped)');
    child.kill('SIGINT');
    await stopped;
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(stdout).toContain('Maren: I hear');
  });

  test('--turns ends the talk', async () => {
    const { code } = await cli.run(['chat', '--character', 'maren-voss', '--turns', '1'], {
      input: 'one\ntwo\n',
    });
    expect(code).toBe(0);
    expect(server.completions).toHaveLength(1);
  });

  test('keeps no history of piped lines', () => {
    expect(existsSync(join(folder.path, 'data', 'terminal-history'))).toBe(false);
  });
});

describe('chat --mode goals', () => {
  test('the character opens with the goal; each answer waits for the goal of its reply', async () => {
    const input = '9\nI like jazz.\n99\nfood\nBread, mostly.\n';
    const args = ['chat', '--mode', 'goals', '--character', 'maren-voss', '--turns', '2'];
    const { code, stdout, stderr } = await cli.run(args, { input });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}0 {2}ask about family$/gm)).toHaveLength(2);
    expect(stdout.match(/A number from 0 to 10/g)).toHaveLength(1);
    expect(stdout.match(/^Maren: /gm)).toHaveLength(2);
    const asked = server.completions.map(({ body }) => JSON.stringify(body));
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain('talk about music');
    expect(asked[1]).toContain('ask about favorite food');
    expect(asked[1]).toContain('I like jazz.');
  });

  test('a crisis statement does not wait for a goal', async () => {
    const args = ['chat', '--mode', 'goals', '--character', 'maren-voss'];
    const { stdout } = await cli.run(args, { input: '9\nI want to kill myself.\n' });
    expect(stdout).toContain('findahelpline.com');
    expect(server.completions).toHaveLength(1);
  });

  test('with a second character nobody types but the goals', async () => {
    const args = [
      'chat',
      '--mode',
      'goals',
      '--character',
      'maren-voss',
      '--with',
      'rin-asakura',
      '--turns',
      '2',
      '--json',
    ];
    const { code, stdout } = await cli.run(args, { input: '1\n9\n' });
    expect(code).toBe(0);
    const scene = JSON.parse(stdout) as { lines: { speaker: string; goal: string | null }[] };
    expect(scene.lines.map(({ speaker, goal }) => [speaker, goal])).toEqual([
      ['supporter', 'ask about pets.'],
      ['seeker', null],
      ['supporter', 'talk about music.'],
      ['seeker', null],
    ]);
  });
});

describe('chat --mode selfplay', () => {
  const args = [
    'chat',
    '--mode',
    'selfplay',
    '--character',
    'maren-voss',
    '--with',
    'rin-asakura',
    '--turns',
    '2',
  ];

  test('two characters talk, the seeker first, each with their own side of the prompt', async () => {
    const { code, stdout } = await cli.run([...args, '--json']);
    expect(code).toBe(0);
    const scene = JSON.parse(stdout) as {
      mode: string;
      supporter: { id: string };
      seeker: { id: string };
      lines: {
        speaker: string;
        characterId: string;
        text: string;
        strategy: string | null;
        memory: string | null;
      }[];
    };
    expect(scene).toMatchObject({
      mode: 'selfplay',
      supporter: { id: 'maren-voss' },
      seeker: { id: 'rin-asakura' },
    });
    expect(scene.lines.map(({ characterId }) => characterId)).toEqual([
      'rin-asakura',
      'maren-voss',
      'rin-asakura',
      'maren-voss',
    ]);
    expect(scene.lines[0]).toMatchObject({
      strategy: null,
      memory: 'recent_worry_or_anxiety',
      text: defaultReply,
    });
    expect(scene.lines[1]?.strategy).toEqual(expect.any(String));
    const systems = server.completions.map(({ body }) => JSON.stringify(body?.messages ?? []));
    expect(systems[0]).toContain('You came to talk about what weighs on you');
    expect(systems[1]).toContain('You are company, not a therapist');
  });

  test('is shown as it is spoken and stores nothing', async () => {
    const dataDir = join(folder.path, 'scene');
    const { code, stdout } = await cli.run(args, { env: { RAPPORT_DATA_DIR: dataDir } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Two AI characters talk/m);
    expect(stdout.match(/^(Rin|Maren): I hear you/gm)).toHaveLength(4);
    const kept = await cli.run(['chat'], { input: '/sessions\n', env: { RAPPORT_DATA_DIR: dataDir } });
    expect(kept.stdout).toContain('There is no conversation yet.');
  });

  test('a model that fails midway: what was said is printed, the error is coded', async () => {
    server.enqueue({}, { fault: { kind: 'status', status: 400, body: { error: { message: 'broken' } } } });
    const { code, stdout, stderr } = await cli.run([...args, '--json']);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as { lines: unknown[] }).lines).toHaveLength(1);
    expect(stderr).toMatch(/^RAPPORT_E_MODEL_REFUSED/);
  });
});
