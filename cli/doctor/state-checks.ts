import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { isLoopback } from '../../adapters/web/protection.js';
import { openStore } from '../../app/store.js';
import { RapportError } from '../../config/errors.js';
import type { LoadedConfig } from '../../config/load.js';
import { packageRoot } from '../../config/root.js';
import { type Check, failedCheck } from './check.js';

/** Is the store there, and could conversations be lost in it. */
export async function storeCheck(loaded: LoadedConfig): Promise<Check> {
  const name = 'store';
  try {
    const store = await openStore(loaded);
    try {
      const { ok, detail, warnings } = await store.health();
      if (!ok) return failedCheck(name, new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: detail }));
      if (warnings.length === 0) return { name, state: 'ok', detail };
      return { name, state: 'warning', detail, cure: warnings.join(' ') };
    } finally {
      await store.close();
    }
  } catch (error) {
    return failedCheck(name, error);
  }
}

export function dataDirCheck({ config }: LoadedConfig): Check {
  const name = 'data folder';
  const folder = resolve(config.data.dir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return { name, state: 'ok', detail: `${folder} is writable` };
  } catch (error) {
    return {
      ...failedCheck(name, error),
      cure: 'Make the folder writable, or set RAPPORT_DATA_DIR to one that is.',
    };
  }
}

/** The port of the HTTP server: free, or Rapport's already. */
export async function portCheck({ config }: LoadedConfig): Promise<Check> {
  const name = 'port';
  const { host, port } = config.server;
  if (port === 0) return { name, state: 'ok', detail: 'any free one' };
  const taken = await new Promise<NodeJS.ErrnoException | null>((done) => {
    const probe = createServer();
    probe.once('error', done);
    probe.listen(port, host, () => probe.close(() => done(null)));
  });
  if (!taken) return { name, state: 'ok', detail: `${port} on ${host} is free` };
  if (taken.code === 'EADDRINUSE' && (await isRapport(host, port)))
    return { name, state: 'ok', detail: `Rapport is running at ${port} on ${host}` };
  const cure = 'Set PORT to a free one, or stop the other server.';
  return taken.code === 'EADDRINUSE'
    ? { name, state: 'failed', detail: `${port} on ${host} is in use by another program`, cure }
    : {
        name,
        state: 'failed',
        detail: taken.message,
        cure: 'Set RAPPORT_HOST and PORT to an address of this machine.',
      };
}

async function isRapport(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(2_000) });
    return ((await response.json()) as { readonly ok?: unknown }).ok === true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false;
  }
}

export function keyCheck({ config, secrets }: LoadedConfig): Check {
  const name = 'API key';
  const { host } = config.server;
  if (secrets.RAPPORT_API_KEY) return { name, state: 'ok', detail: 'asked for on every request' };
  if (isLoopback(host))
    return { name, state: 'off', detail: `not needed: only this machine reaches ${host}` };
  return {
    name,
    state: 'failed',
    detail: `RAPPORT_E_KEY_REQUIRED: ${host} is reachable from other machines`,
    cure: 'Set RAPPORT_API_KEY (or RAPPORT_API_KEY_FILE), or keep RAPPORT_HOST on a loopback address.',
  };
}

export function pageCheck(): Check {
  const name = 'web page';
  return existsSync(join(packageRoot, 'dist/web/index.html'))
    ? { name, state: 'ok', detail: 'built' }
    : { name, state: 'warning', detail: 'not built', cure: '`npm start` builds it, or run `npm run build`.' };
}
