import { startDiscord } from './discord.js';
import type { DiscordOptions } from './options.js';
import type { RemoteAddress, RemoteAnswer, RemoteCall, Steerable } from './remote.js';

/**
 * Runs the double as a process of its own: options as JSON in the first argument, the address as its first message to the
 * parent (or on stdout where there is none), calls as messages after that. Ends on SIGTERM or when the parent goes away.
 */
const discord = await startDiscord(JSON.parse(process.argv[2] ?? '{}') as DiscordOptions);
const parts: Steerable = {
  discord,
  faults: discord.faults,
  gateway: discord.gateway,
  control: discord.gateway.control,
};
const address: RemoteAddress = {
  apiUrl: discord.apiUrl,
  gatewayUrl: discord.gatewayUrl,
  token: discord.token,
  applicationId: discord.applicationId,
};
if (process.send) process.send(address);
else process.stdout.write(`${JSON.stringify(address)}\n`);

process.on('message', (message) => {
  void answer(message as RemoteCall).then((reply) => process.send?.(reply));
});

async function answer({ id, part, method, values }: RemoteCall): Promise<RemoteAnswer> {
  try {
    const target = parts[part] as unknown as Record<string, (...given: readonly unknown[]) => unknown>;
    const value: unknown = await target[method]?.(...values);
    return { id, value };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

const end = (): void => {
  void discord.close().finally(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('disconnect', end);
