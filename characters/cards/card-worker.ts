import { parentPort } from 'node:worker_threads';
import { readCharacters } from './import.js';
import type { CardFile, FromCardWorker } from './read-apart.js';
import { CardRefused } from './refused.js';

/** The thread that reads files people brought, one after the other. */
const port = parentPort;
if (!port) throw new Error('card-worker runs in a worker thread');
port.on('message', async ({ bytes }: CardFile) => port.postMessage(await answer(bytes)));

async function answer({ buffer, byteOffset, byteLength }: Uint8Array): Promise<FromCardWorker> {
  try {
    const [first, ...others] = await readCharacters(Buffer.from(buffer, byteOffset, byteLength), false);
    return { first: first ?? null, others: others.length };
  } catch (error) {
    if (error instanceof CardRefused) return { refused: { kind: error.kind, reason: error.message } };
    throw error;
  }
}
