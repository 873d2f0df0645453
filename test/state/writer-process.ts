import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** A process of its own that records messages into an embedded store without end. */
export interface WriterProcess {
  /** Resolves once so many messages were acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** Kills it (SIGKILL) and gives the ids of all messages it had acknowledged. */
  kill(): Promise<string[]>;
}

export async function startWriter(dataDir: string, name: string): Promise<WriterProcess> {
  const bundle = await build({
    stdin: { contents: source, resolveDir: here, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    external: ['libsql'],
    logLevel: 'error',
  });
  // The child resolves libsql from the project's own folder of packages.
  const modules = join(dirname(createRequire(import.meta.url).resolve('libsql')), '..');
  const child = spawn(process.execPath, ['-e', bundle.outputFiles[0]?.text ?? '', dataDir, name], {
    env: { ...process.env, NODE_PATH: modules },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const said: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (id) => {
    said.push(id);
    for (const one of waiting) if (said.length >= one.count) one.resolve();
  });
  return {
    acknowledged: (count) =>
      Promise.race([
        new Promise<void>((resolve) => {
          if (said.length >= count) resolve();
          else waiting.push({ count, resolve });
        }),
        ended.then(() => Promise.reject(new Error(`the writer ended after ${said.length} messages`))),
      ]),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      return said;
    },
  };
}

const source = `
import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { systemClock } from '../../src/clock.js';
import { message } from './contract/samples.js';
const [dataDir, name] = process.argv.slice(1);
void (async () => {
  const store = await openEmbeddedStore({ dataDir, clock: systemClock });
  for (let n = 0; ; n += 1) {
    const id = name + n;
    await store.inbox.record(message(id));
    writeSync(1, id + '\\n');
  }
})();
`;
