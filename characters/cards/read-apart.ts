import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../config/root.js';
import type { ImportedCharacter } from './import.js';
import { CardRefused } from './refused.js';

export interface CardFile {
  readonly bytes: Uint8Array;
}

/** The first character of a file, and how many more there are. */
export interface ReadApart {
  readonly first: ImportedCharacter | null;
  readonly others: number;
}

export type FromCardWorker =
  | ReadApart
  | { readonly refused: { readonly kind: CardRefused['kind']; readonly reason: string } };

/** How long one file may be read, and how long the thread waits for another, ms; the memory it may take, MiB. */
const readMs = 10_000;
const idleMs = 30_000;
const memoryMb = 512;

/** The thread, and who waits for its answer. */
interface CardThread {
  readonly worker: Worker;
  answered: (told: FromCardWorker | Error) => void;
}

let thread: CardThread | null = null;
let before: Promise<unknown> = Promise.resolve();

/**
 * Reads a stranger's file as `readCharacters` does, in a thread of its own, one file after the other: however it is made, nobody else
 * waits for it.
 * @throws CardRefused
 */
export function readApart(bytes: Uint8Array): Promise<ReadApart> {
  const reading = before.then(() => read({ bytes }));
  before = reading.catch(() => undefined);
  return reading;
}

async function read(file: CardFile): Promise<ReadApart> {
  const used = thread ?? started();
  thread = used;
  const { worker } = used;
  const end = (): void => {
    if (thread === used) thread = null;
    void worker.terminate();
  };
  const told = await new Promise<FromCardWorker | Error>((resolve) => {
    const late = setTimeout(() => {
      end();
      resolve({ refused: { kind: 'large', reason: `it takes more than ${readMs / 1_000} seconds to read` } });
    }, readMs);
    used.answered = (answer) => {
      clearTimeout(late);
      resolve(answer);
    };
    worker.ref();
    worker.postMessage(file);
  });
  worker.unref();
  setTimeout(() => {
    if (used.answered === nobody) end();
  }, idleMs).unref();
  used.answered = nobody;
  if (told instanceof Error) throw told;
  if ('refused' in told) throw new CardRefused(told.refused.kind, told.refused.reason);
  return { first: told.first && withBuffers(told.first), others: told.others };
}

function nobody(): void {}

function started(): CardThread {
  const worker = new Worker(join(packageRoot, 'dist/characters/cards/card-worker.js'), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const made: CardThread = { worker, answered: nobody };
  const ended = (answer: FromCardWorker | Error): void => {
    if (thread === made) thread = null;
    made.answered(answer);
  };
  worker.on('message', (told: FromCardWorker) => made.answered(told));
  worker.on('error', (error: Error & { code?: string }) =>
    ended(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? { refused: { kind: 'large', reason: 'it takes too much memory to read' } }
        : error,
    ),
  );
  worker.on('exit', (code) => ended(new Error(`the thread that reads cards ended with code ${code}`)));
  return made;
}

/** A thread hands over plain bytes. */
function withBuffers({ picture, icon, files, ...rest }: ImportedCharacter): ImportedCharacter {
  return {
    ...rest,
    picture: picture && bufferOf(picture),
    ...(icon && { icon: bufferOf(icon) }),
    files: new Map([...files].map(([path, file]) => [path, bufferOf(file)])),
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
