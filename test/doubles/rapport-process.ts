import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../config/root.js';

/** The built platform as a process of its own, as `npm start` runs it. */
export interface RapportProcess {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** kill -9. */
  crash(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `dist/cli/main.js start` with `env` on top of a bare environment and waits until it listens. */
export async function startRapport(env: Readonly<Record<string, string>>): Promise<RapportProcess> {
  const child = spawn(
    process.execPath,
    ['--unhandled-rejections=strict', join(packageRoot, 'dist/cli/main.js'), 'start'],
    {
      cwd: env.RAPPORT_DATA_DIR ?? packageRoot,
      env: { PATH: process.env.PATH ?? '', PORT: '0', LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await addressOf(child);
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  return {
    url,
    crash: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (data: Buffer): void => {
      output += data.toString();
      const url = /Rapport is at (http:\S+)/.exec(output)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) =>
      reject(new Error(`the process ended with ${code} before it listened:\n${output}`)),
    );
  });
}
