import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../config/root.js';
import type { Behaviour, ModelServerOptions } from './behaviour.js';

/** {@link ModelServerOptions} that survive JSON: no functions. */
export type ChildServerOptions = Omit<ModelServerOptions, 'behaviour'> & {
  readonly behaviour?: Omit<Behaviour, 'reply'> & { readonly reply?: string | readonly string[] };
};

/** A model server in a process of its own, so that a benchmark does not share an event loop with it. */
export interface ChildModelServer {
  /** Base URL with `/v1`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Bundles the double (esbuild), starts it as a child process and waits for its address. */
export async function forkModelServer(options: ChildServerOptions = {}): Promise<ChildModelServer> {
  const { build } = await import('esbuild');
  const folder = await mkdtemp(join(tmpdir(), 'model-server-'));
  const script = join(folder, 'main.mjs');
  const entryPoint = join(packageRoot, 'test/doubles/model-server/main.ts');
  await build({
    entryPoints: [entryPoint],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const child = fork(script, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String((message as { url?: unknown }).url)));
    child.once('exit', (code) => reject(new Error(`the model server double ended with code ${code}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
