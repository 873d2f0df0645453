import { platforms } from '../adapters/index.js';
import { loadConfig } from '../app/settings.js';
import { openStore } from '../app/store.js';
import { RapportError } from '../config/errors.js';
import type { LoadedConfig } from '../config/load.js';
import { block, listBlocked, unblock } from '../src/commands/blocks.js';
import type { Store } from '../src/state/store.js';
import { printJson, printLine } from './output.js';

/** @throws RapportError RAPPORT_E_USAGE for what is no id. */
export async function addBlock(id: string): Promise<void> {
  checked(id);
  await withStore(async (services) =>
    printLine((await block(services, id)) ? `${id} is blocked.` : `${id} was blocked already.`),
  );
}

/** @throws RapportError RAPPORT_E_USAGE for what is no id. */
export async function removeBlock(id: string): Promise<void> {
  checked(id);
  await withStore(async (services, { config }) => {
    const removed = await unblock(services, id);
    const still = config.limits.blocked.includes(id) ? ' limits.blocked names it still.' : '';
    printLine(`${removed ? `${id} is answered again.` : `${id} was not blocked by command.`}${still}`);
  });
}

export async function listBlocks({ json }: { readonly json?: boolean }): Promise<void> {
  await withStore(async (services, { config }) => {
    const settings = config.limits.blocked;
    const command = await listBlocked(services);
    if (json) printJson({ settings, command });
    else if (settings.length + command.length === 0) printLine('Nobody is blocked.');
    else
      for (const [ids, by] of [
        [settings, 'limits.blocked'],
        [command, 'command'],
      ] as const)
        for (const id of ids) printLine(`${id}  (by ${by})`);
  });
}

function checked(id: string): void {
  if (platforms.some(({ name }) => id.startsWith(`${name}:`) && /^[^:]+:\S+$/.test(id))) return;
  throw new RapportError('RAPPORT_E_USAGE', {
    reason: `"${id}" is no id of a person, a server or a workspace: <platform>:<id>.`,
    command: 'block add',
  });
}

async function withStore(
  work: (services: { readonly store: Store }, loaded: LoadedConfig) => Promise<void>,
): Promise<void> {
  const loaded = loadConfig();
  const store = await openStore(loaded);
  try {
    await work({ store }, loaded);
  } finally {
    await store.close();
  }
}
