import { parentPort, workerData } from 'node:worker_threads';
import { type PortableError, RapportError, reasonOf } from '../../config/errors.js';
import { type EncoderGraph, loadEncoderGraph } from './encoder-graph.js';
import { guardRuntime } from './guard-runtime.js';
import { HeadGraphs } from './head-graphs.js';
import type { ThreadData } from './native-thread.js';
import { RunGate } from './run-gate.js';
import type { EncoderSettings, FromEncoder, ToEncoder } from './sentence-encoder.js';
import type { FailedCall } from './thread-calls.js';

/** The thread that encodes sentences, one text at a time, and scores with their vectors; urgent requests first. */
const port = parentPort;
if (!port) throw new Error('encoder-worker runs in a worker thread');
const { gate, settings } = workerData as ThreadData<EncoderSettings>;
guardRuntime(new RunGate(gate));

type Job = Exclude<ToEncoder, { type: 'stop' }>;
type EncodeJob = Extract<Job, { type: 'encode' }>;
const urgent: Job[] = [];
const patient: Job[] = [];
let working = false;
const heads = new HeadGraphs();
const graph = loadEncoderGraph(settings.folder);
graph.catch(() => undefined); // reported to whoever asks

port.on('message', (message: ToEncoder) => {
  if (message.type === 'stop') process.exit(0);
  (message.type === 'encode' && !message.urgent ? patient : urgent).push(message);
  if (!working) void work();
});

async function work(): Promise<void> {
  working = true;
  for (let job = next(); job; job = next()) {
    const { id } = job;
    try {
      if (job.type === 'run') post({ type: 'outputs', id, outputs: await heads.run(job.folder, job.feeds) });
      else {
        const matrix = await encode(await graph, job);
        post({ type: 'vectors', id, matrix }, [matrix.buffer as ArrayBuffer]);
      }
    } catch (error) {
      post({ type: 'failed', id, error: portable(error) });
    }
  }
  working = false;
}

function next(): Job | undefined {
  return urgent.shift() ?? patient.shift();
}

async function encode({ dimensions, encode }: EncoderGraph, { texts }: EncodeJob): Promise<Float32Array> {
  const matrix = new Float32Array(texts.length * dimensions);
  for (const [row, text] of texts.entries()) matrix.set(await encode(text), row * dimensions);
  return matrix;
}

function post(message: FromEncoder | FailedCall, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

function portable(error: unknown): PortableError {
  if (error instanceof RapportError) return error.portable;
  return {
    code: 'RAPPORT_E_MODEL_UNAVAILABLE',
    details: { route: 'sentence encoder', reason: reasonOf(error) },
  };
}
