import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { packageRoot } from '../../config/root.js';

/** Processes start slowly where other suites keep the machine busy. */
vi.setConfig({ testTimeout: 120_000 });

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for the state and the files of a suite. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'rapport-cli-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs the built command line as a person would, away from this process's own settings. */
export class CliRunner {
  readonly #env: NodeJS.ProcessEnv;
  readonly #cwd: string;

  /** @param settings environment variables beside the bare ones. */
  constructor(folder: string, settings: NodeJS.ProcessEnv = {}) {
    this.#cwd = folder;
    this.#env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      RAPPORT_DATA_DIR: join(folder, 'data'),
      ...settings,
    };
  }

  /** The process, for tests that talk with it while it runs. */
  start(args: readonly string[], settings: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [join(packageRoot, 'dist/cli/main.js'), ...args], {
      cwd: this.#cwd,
      env: { ...this.#env, ...settings },
    });
  }

  /** Runs to the end with `input` on stdin. */
  async run(
    args: readonly string[],
    { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Finished> {
    const child = this.start(args, env);
    const finished = collect(child);
    child.stdin.end(input);
    return finished;
  }

  /** Runs to the end; stdout is one JSON document. @throws when it is not, or the exit code is another. */
  async json<T>(args: readonly string[], code = 0, env: NodeJS.ProcessEnv = {}): Promise<T> {
    const result = await this.run([...args, '--json'], { env });
    if (result.code !== code) throw new Error(`exit code ${result.code}: ${result.stderr}`);
    return JSON.parse(result.stdout) as T;
  }
}

/** Everything a process wrote, once it has ended. */
export function collect(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
