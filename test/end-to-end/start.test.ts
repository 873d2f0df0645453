import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { Browser } from '../adapters/web/server.js';
import { type ModelServer, startModelServer } from '../doubles/model-server.js';
import { freePort, type RedisServer, startRedisServer } from '../doubles/redis-server.js';

interface Page {
  readonly entries: readonly { readonly role: string; readonly text: string }[];
  readonly answering: boolean;
}

const story = 'Once upon a time there was a lighthouse and nobody in it.';

/** `rapport start` as a process of its own; it stops at the first unhandled rejection. */
class Rapport {
  said = '';
  readonly #child: ChildProcess;

  constructor(env: NodeJS.ProcessEnv) {
    this.#child = spawn(
      process.execPath,
      ['--unhandled-rejections=strict', join(packageRoot, 'dist/cli/main.js'), 'start'],
      { env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (part: Buffer) => {
        this.said += part.toString();
      });
  }

  async ready(url: string): Promise<void> {
    await expect
      .poll(
        () =>
          fetch(`${url}/readyz`).then(
            ({ status }) => status,
            () => this.said,
          ),
        { timeout: 60_000, interval: 100 },
      )
      .toBe(200);
  }

  get ended(): Promise<number | null> {
    const { exitCode } = this.#child;
    if (exitCode !== null) return Promise.resolve(exitCode);
    return new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** @returns the exit code, null where the signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return Promise.resolve(this.#child.exitCode);
    const ended = new Promise<number | null>((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    return ended;
  }
}

describe.each(['embedded', 'redis'] as const)('rapport start on the %s store', (kind) => {
  let model: ModelServer;
  let redis: RedisServer | null;
  let dataDir: string;
  let env: NodeJS.ProcessEnv;
  let url: string;
  let started: Rapport[];
  const start = async (): Promise<Rapport> => {
    const rapport = new Rapport(env);
    started.push(rapport);
    await rapport.ready(url);
    return rapport;
  };
  beforeEach(async () => {
    started = [];
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-start-'));
    model = await startModelServer();
    redis = kind === 'redis' ? await startRedisServer(['--appendonly', 'yes']) : null;
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    // A dead process is replaced sooner than by default.
    const config = join(dataDir, 'rapport.yaml');
    writeFileSync(config, 'state: { leaseMs: 1500, sweepMs: 200 }\n');
    env = {
      RAPPORT_CONFIG: config,
      PORT: String(port),
      RAPPORT_DATA_DIR: dataDir,
      MODEL_BASE_URL: model.url,
      MODEL_NAME: 'test-model',
      ...(redis && { REDIS_URL: redis.url }),
    };
  });
  afterEach(async () => {
    await Promise.all(started.map((rapport) => rapport.end('SIGKILL')));
    await model.stop();
    await redis?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const page = (browser: Browser, id: string): Promise<Page> =>
    browser.call<Page>('GET', `/api/sessions/${id}`);
  const replies = async (browser: Browser, id: string): Promise<string[]> =>
    (await page(browser, id)).entries.slice(2).map(({ role, text }) => `${role}: ${text}`);

  it('answers, is killed in the middle of a reply, and says it once and whole after a restart', async () => {
    const first = await start();
    const ada = new Browser(url);
    await ada.call('POST', '/api/match', { persona: { facts: [], worry: 'grief' } });
    const id = await ada.open();
    model.enqueue({ reply: story, tokenMs: 100 });
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-1', text: 'Tell me a story' }, 202);
    await model.received(1);
    await expect.poll(() => model.active).toBe(1);
    await first.end('SIGKILL');

    model.behaviour = { reply: story };
    const second = await start();
    // The page sends again what it got no answer for.
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-1', text: 'Tell me a story' }, 202);
    await expect
      .poll(() => replies(ada, id), { timeout: 30_000 })
      .toEqual(['seeker: Tell me a story', `supporter: ${story}`]);
    expect(await second.end('SIGTERM')).toBe(0);
    expect(second.said).not.toMatch(/unhandled|Error/i);
  });

  it('finishes the reply it is writing when it is asked to stop', async () => {
    const rapport = await start();
    const ada = new Browser(url);
    const id = await ada.open();
    model.enqueue({ reply: story, tokenMs: 60 });
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-1', text: 'Tell me a story' }, 202);
    await model.received(1);
    const ended = rapport.end('SIGTERM');
    await expect
      .poll(() =>
        ada
          .fetch('POST', `/api/sessions/${id}/messages`, { id: 'message-2', text: 'x' })
          .then(({ status }) => status),
      )
      .toBe(503);
    expect(await ended).toBe(0);
    await start();
    expect((await replies(ada, id)).slice(0, 2)).toEqual(['seeker: Tell me a story', `supporter: ${story}`]);
  });

  it('ends in ten seconds also where the model hangs, and the message waits for the next start (issue 14, E.2)', async () => {
    const rapport = await start();
    const ada = new Browser(url);
    const id = await ada.open();
    model.enqueue({ fault: { kind: 'hang' } });
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-1', text: 'Tell me a story' }, 202);
    await model.received(1);
    const began = performance.now();
    expect(await rapport.end('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    model.behaviour = { reply: story };
    await start();
    await expect
      .poll(() => replies(ada, id), { timeout: 30_000 })
      .toEqual(['seeker: Tell me a story', `supporter: ${story}`]);
  });
});

describe('words and signals at the start (issue 14, E.4)', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-start-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('an address that is none is named, without a stack', async () => {
    const rapport = new Rapport({
      RAPPORT_HOST: 'nonsense',
      RAPPORT_API_KEY: 'a-long-enough-key',
      RAPPORT_DATA_DIR: dataDir,
    });
    expect(await rapport.ended).toBe(1);
    expect(rapport.said).toMatch(/RAPPORT_E_ADDRESS_UNUSABLE: [^\n]*nonsense[^\n]*\n→ [^\n]*RAPPORT_HOST/);
    expect(rapport.said).not.toMatch(/^ +at /m);
  });

  it('a model server that does not answer is said, and ending `npm start` ends the server', async () => {
    const port = await freePort();
    const npm = spawn('npm', ['start'], {
      cwd: packageRoot,
      env: {
        ...{ PATH: process.env.PATH, HOME: dataDir, RAPPORT_SKIP_BUILD: '1', RAPPORT_DATA_DIR: dataDir },
        ...{ PORT: String(port), MODEL_BASE_URL: `http://127.0.0.1:${await freePort()}/v1` },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (part: Buffer) => {
        said += part.toString();
      });
    const alive = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      );
    await expect.poll(alive, { timeout: 60_000 }).toBe(true);
    await expect.poll(() => said, { timeout: 20_000 }).toContain('check MODEL_BASE_URL');
    npm.kill('SIGTERM');
    await expect.poll(alive, { timeout: 15_000 }).toBe(false);
  }, 120_000);
});
