import { startModelServer } from '../model-server.js';
import type { ChildServerOptions } from './child.js';

/**
 * Runs the double as a process: options as JSON in the first argument, the address as `{"url"}` over IPC, or on stdout
 * where there is no channel. Ends on SIGTERM or when the parent goes away.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as ChildServerOptions;
const server = await startModelServer({ record: false, ...options });
const address = { url: server.url };
if (process.send) process.send(address);
else process.stdout.write(`${JSON.stringify(address)}\n`);
const end = (): void => {
  void server.stop().then(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('disconnect', end);
