import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface RedisServer {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Kills the server as a crash would; its data folder stays for {@link restart}. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** The path of redis-server by REDIS_SERVER_PATH or PATH, null if there is none. */
export function findRedisServer(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.REDIS_SERVER_PATH) return env.REDIS_SERVER_PATH;
  const places = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return places.map((folder) => join(folder, 'redis-server')).find(runnable) ?? null;
}

/**
 * Starts a real redis-server on a free loopback port, without persistence unless `args` say otherwise.
 * @throws Error naming the package to install when there is no redis-server.
 */
export async function startRedisServer(args: readonly string[] = []): Promise<RedisServer> {
  const path = findRedisServer();
  if (path === null)
    throw new Error(
      'redis-server is not installed. Type: apt-get install redis-server (or set REDIS_SERVER_PATH to it).',
    );
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'rapport-redis-'));
  const command = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', ...args];
  let child = await start(path, command);
  const endWithParent = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', endWithParent);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end(child, 'SIGKILL'),
    restart: async () => {
      await end(child, 'SIGKILL');
      child = await start(path, command);
    },
    stop: async () => {
      process.removeListener('exit', endWithParent);
      await end(child, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function start(path: string, command: readonly string[]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve(child);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** A free loopback port, as the operating system gives it. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no free port')),
      );
    });
  });
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error) return false;
    throw thrown;
  }
}
