import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/load.js';
import { packageRoot } from '../../config/root.js';
import type { Check } from '../platform.js';
import { isLoopback } from './protection.js';

/** The HTTP server's port and key, and the page. */
export async function webChecks(loaded: LoadedConfig): Promise<Check[]> {
  return [await portCheck(loaded), keyCheck(loaded), pageCheck()];
}

/** The port of the HTTP server: free, or Rapport's already. */
async function portCheck({ config }: LoadedConfig): Promise<Check> {
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

function keyCheck({ config, secrets }: LoadedConfig): Check {
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

function pageCheck(): Check {
  const name = 'web page';
  return existsSync(join(packageRoot, 'dist/web/index.html'))
    ? { name, state: 'ok', detail: 'built' }
    : { name, state: 'warning', detail: 'not built', cure: '`npm start` builds it, or run `npm run build`.' };
}
