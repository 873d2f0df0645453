import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { type PortableError, RapportError, reasonOf } from '../../../config/errors.js';
import { guardRuntime } from '../guard-runtime.js';
import { readManifest, unusable, verifyFiles } from '../model-folder.js';
import type { ThreadData } from '../native-thread.js';
import { RunGate } from '../run-gate.js';
import type { FailedCall } from '../thread-calls.js';
import type { BertSettings, FromBert, ToBert } from './bert-thread.js';

/** The thread that runs a BERT of some hundred megabytes, one text at a time; urgent requests first. */
const port = parentPort;
if (!port) throw new Error('bert-worker runs in a worker thread');
const { gate, settings } = workerData as ThreadData<BertSettings>;
guardRuntime(new RunGate(gate));

type Job = Extract<ToBert, { type: 'run' }>;
const urgent: Job[] = [];
const patient: Job[] = [];
let working = false;
let checked: Promise<void> | null = null;
const sessions = new Map<string, Promise<InferenceSession>>();

port.on('message', (message: ToBert) => {
  if (message.type === 'stop') process.exit(0);
  (message.urgent ? urgent : patient).push(message);
  if (!working) void work();
});

async function work(): Promise<void> {
  working = true;
  for (let job = next(); job; job = next()) {
    const { id } = job;
    try {
      post({ type: 'output', id, output: await run(job) });
    } catch (error) {
      post({ type: 'failed', id, error: portable(error) });
    }
  }
  working = false;
}

function next(): Job | undefined {
  return urgent.shift() ?? patient.shift();
}

async function run({ file, feeds }: Job): Promise<Float32Array> {
  const session = await sessionOf(file);
  const tensors: Record<string, Tensor> = {};
  for (const [name, row] of Object.entries(feeds)) {
    if (!session.inputNames.includes(name))
      throw unusable(join(settings.folder, file), `the graph has no input "${name}"`);
    tensors[name] = new Tensor('int64', BigInt64Array.from(row, BigInt), [1, row.length]);
  }
  const [output] = Object.values(await session.run(tensors));
  if (!(output?.data instanceof Float32Array))
    throw unusable(join(settings.folder, file), 'the graph gives no numbers');
  return output.data.slice();
}

function sessionOf(file: string): Promise<InferenceSession> {
  const known = sessions.get(file);
  if (known) return known;
  const opening = open(file);
  sessions.set(file, opening);
  opening.catch(() => sessions.delete(file)); // a restored file is found at the next run
  return opening;
}

async function open(file: string): Promise<InferenceSession> {
  const { folder } = settings;
  const path = join(folder, file);
  checked ??= verifyFiles(folder, readManifest(folder, z.looseObject({})));
  await checked.catch((error: unknown) => {
    checked = null;
    throw error;
  });
  const intraOpNumThreads = Math.max(1, Math.floor(availableParallelism() / 2));
  return InferenceSession.create(path, { intraOpNumThreads, interOpNumThreads: 1 }).catch(
    (error: unknown) => {
      throw unusable(path, reasonOf(error), error);
    },
  );
}

function post(message: FromBert | FailedCall): void {
  port?.postMessage(message);
}

function portable(error: unknown): PortableError {
  if (error instanceof RapportError) return error.portable;
  return {
    code: 'RAPPORT_E_MODEL_UNAVAILABLE',
    details: { route: settings.folder, reason: reasonOf(error) },
  };
}
