import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type PortableError, RapportError, reasonOf } from '../../config/errors.js';
import type { Reading } from '../../src/care/risk-judge.js';
import { loadTokenizer } from '../onnx/encoder-graph.js';
import { guardRuntime } from '../onnx/guard-runtime.js';
import { readManifest, unusable, verifyFiles } from '../onnx/model-folder.js';
import type { ThreadData } from '../onnx/native-thread.js';
import { RunGate } from '../onnx/run-gate.js';
import type { FailedCall } from '../onnx/thread-calls.js';
import { careManifestSchema, readerManifestSchema } from './manifests.js';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.js';

/** The thread of the reader: one message after the other, each read once. */
const port = parentPort;
if (!port) throw new Error('reader-worker runs in a worker thread');
const { gate, settings } = workerData as ThreadData<ReaderSettings>;
guardRuntime(new RunGate(gate));

/** Tokens of a message with its context; `lab/training/care/train.py` cuts the same. */
const maxTokens = 96;
/** A longer message is read in windows that overlap: its beginning and, above all, its end. */
const overlap = 20;
const firstWindows = 2;
const lastWindows = 6;
const begin = 0;
const end = 2;

interface Graphs {
  readonly tokenizer: Tokenizer;
  readonly lower: InferenceSession;
  readonly care: InferenceSession;
}

const graphs = load();
graphs.catch(() => undefined); // reported to whoever asks
let tail: Promise<void> = Promise.resolve();

port.on('message', (message: ToReader) => {
  if (message.type === 'stop') process.exit(0);
  tail = tail.then(() => answer(message));
});

async function load(): Promise<Graphs> {
  const { reader, care } = settings;
  await verifyFiles(reader, readManifest(reader, readerManifestSchema));
  await verifyFiles(care, readManifest(care, careManifestSchema));
  const [lower, head] = await Promise.all([session(reader), session(care)]);
  return { tokenizer: loadTokenizer(reader), lower, care: head };
}

async function session(folder: string): Promise<InferenceSession> {
  const file = join(folder, 'model.onnx');
  try {
    return await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (error) {
    throw unusable(file, reasonOf(error), error);
  }
}

async function answer({ id, text, context }: Exclude<ToReader, { type: 'stop' }>): Promise<void> {
  try {
    post({ type: 'reading', id, reading: await read(await graphs, text, context) });
  } catch (error) {
    post({ type: 'failed', id, error: portable(error) });
  }
}

async function read({ tokenizer, ...graphs }: Graphs, text: string, context: string): Promise<Reading> {
  const encode = (value: string): number[] => tokenizer.encode(value, { add_special_tokens: false }).ids;
  const before = context === '' ? [] : encode(context);
  let gravest: Reading | undefined;
  for (const [place, own] of windows(encode(text)).entries()) {
    const reading = await readWindow(graphs, own, place === 0 ? before : []);
    if (!gravest || (reading.grades[0] ?? 1) < (gravest.grades[0] ?? 1)) gravest = reading;
  }
  return gravest ?? { grades: [1, 0, 0, 0, 0], kinds: [1, 0, 0, 0, 0, 0, 0] };
}

function windows(ids: readonly number[]): readonly (readonly number[])[] {
  const size = maxTokens - 3;
  if (ids.length <= size) return [ids];
  const all: (readonly number[])[] = [];
  for (let start = 0; start + overlap < ids.length; start += size - overlap)
    all.push(ids.slice(start, start + size));
  return all.length <= firstWindows + lastWindows
    ? all
    : [...all.slice(0, firstWindows), ...all.slice(-lastWindows)];
}

async function readWindow(
  { lower, care }: Omit<Graphs, 'tokenizer'>,
  own: readonly number[],
  context: readonly number[],
): Promise<Reading> {
  const room = maxTokens - 3 - own.length;
  const before = room > 0 ? context.slice(-room) : [];
  const ids = [begin, ...own, end, ...before, ...(before.length > 0 ? [end] : [])];
  const shape = [1, ids.length];
  const mask = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape);
  const { hidden } = await lower.run({
    ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    mask,
  });
  if (!hidden) throw new Error('the reader gives no "hidden"');
  const { grades, kinds } = await care.run({ hidden, mask });
  if (!(grades?.data instanceof Float32Array) || !(kinds?.data instanceof Float32Array))
    throw new Error('the care head gives no "grades" and "kinds"');
  return { grades: [...grades.data], kinds: [...kinds.data] };
}

function post(message: FromReader | FailedCall): void {
  port?.postMessage(message);
}

function portable(error: unknown): PortableError {
  if (error instanceof RapportError) return error.portable;
  return { code: 'RAPPORT_E_MODEL_UNAVAILABLE', details: { route: 'reader', reason: reasonOf(error) } };
}
