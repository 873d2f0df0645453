import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../config/root.js';
import { Caller, type Calls } from './calls.js';

export interface ForkedCalls<T extends Calls> {
  readonly call: Caller<T>['call'];
  stop(): Promise<void>;
}

/** What CommonJS packages find missing in a bundle of modules. */
const requireForBundles =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Runs a file of the checkout (bundled by esbuild, a development dependency) as a process of its own, so that what a
 * benchmark measures shares no event loop with what it measures against.
 * @param file path in the checkout; it calls `serveCalls`.
 */
export async function forkCalls<T extends Calls>(file: string): Promise<ForkedCalls<T>> {
  const { build } = await import('esbuild');
  const folder = await mkdtemp(join(tmpdir(), 'rapport-bench-'));
  const script = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(packageRoot, file)],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: requireForBundles },
    logLevel: 'error',
  });
  const child = fork(script, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const caller = new Caller<T>(child);
  return {
    call: (name, given) => caller.call(name, given),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
