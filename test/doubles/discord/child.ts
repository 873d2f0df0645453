import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../config/root.js';
import type { DiscordOptions } from './options.js';
import type { Part, Remote, RemoteAddress, RemoteAnswer, RemoteCall, Steerable } from './remote.js';

/** A double in a process of its own, so that a benchmark does not share an event loop with it. */
export interface ChildDiscord extends RemoteAddress {
  /** The double's own methods (`say`, `slash`, `whatUsersSee` …), each answering with a promise. */
  readonly discord: Remote<Omit<Steerable['discord'], 'until'>>;
  readonly faults: Remote<Omit<Steerable['faults'], 'hold'>>;
  readonly gateway: Remote<Steerable['gateway']>;
  readonly control: Remote<Steerable['control']>;
  stop(): Promise<void>;
}

/** Bundles the double (esbuild), starts it as a child process and waits for its address. */
export async function forkDiscord(options: Omit<DiscordOptions, 'clock'> = {}): Promise<ChildDiscord> {
  const { build } = await import('esbuild');
  const folder = await mkdtemp(join(tmpdir(), 'discord-double-'));
  const script = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(packageRoot, 'test/doubles/discord/main.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const child = fork(script, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = await firstMessage(child);
  const call = caller(child);
  const part = <T>(name: Part): T =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          (...values: readonly unknown[]) =>
            call(name, String(method), values),
      },
    ) as T;
  return {
    ...address,
    discord: part('discord'),
    faults: part('faults'),
    gateway: part('gateway'),
    control: part('control'),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function firstMessage(child: ChildProcess): Promise<RemoteAddress> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as RemoteAddress));
    child.once('exit', (code) => reject(new Error(`the Discord double ended with code ${code}`)));
  });
}

/** Sends calls and pairs them with their answers. */
function caller(
  child: ChildProcess,
): (part: Part, method: string, values: readonly unknown[]) => Promise<unknown> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 0;
  child.on('message', (message) => {
    const answer = message as RemoteAnswer;
    const waiting = open.get(answer.id);
    open.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.value);
  });
  child.once('exit', () => {
    for (const { reject } of open.values()) reject(new Error('the Discord double has ended'));
  });
  return (part, method, values) =>
    new Promise((resolve, reject) => {
      next += 1;
      open.set(next, { resolve, reject });
      child.send({ id: next, part, method, values } satisfies RemoteCall);
    });
}
