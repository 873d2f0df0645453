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
import { headManifestSchema, readerManifestSchema, vectorManifestSchema } from './manifests.js';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.js';

/** The thread of the reader: one request after the other; a head is loaded when it is first asked. */
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
/** Tokens of a text of which a vector is made. */
const maxVectorTokens = 160;
const begin = 0;
const padding = 1;
const end = 2;

/** The shared lower half. */
interface Trunk {
  readonly tokenizer: Tokenizer;
  readonly lower: InferenceSession;
}

interface VectorHead {
  readonly graph: InferenceSession;
  readonly dimension: number;
  readonly sides: Readonly<Record<string, string>>;
}

const trunk = loadTrunk();
trunk.catch(() => undefined); // reported to whoever asks
const care = once(loadCare);
const vectorHeads = new Map(
  Object.entries(settings.heads).map(([name, folder]) => [name, once(() => loadVectorHead(folder))]),
);
let tail: Promise<void> = Promise.resolve();

port.on('message', (message: ToReader) => {
  if (message.type === 'stop') process.exit(0);
  tail = tail.then(() => answer(message));
});

async function loadTrunk(): Promise<Trunk> {
  const { reader } = settings;
  await verifyFiles(reader, readManifest(reader, readerManifestSchema));
  return { tokenizer: loadTokenizer(reader), lower: await session(reader) };
}

async function loadCare(): Promise<InferenceSession> {
  const folder = settings.heads.care ?? '';
  await verifyFiles(folder, readManifest(folder, headManifestSchema));
  return session(folder);
}

async function loadVectorHead(folder: string): Promise<VectorHead> {
  const manifest = readManifest(folder, vectorManifestSchema);
  await verifyFiles(folder, manifest);
  return { graph: await session(folder), dimension: manifest.dimension, sides: manifest.sides };
}

/** The same promise for everybody who asks. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load();
    return loading;
  };
}

async function session(folder: string): Promise<InferenceSession> {
  const file = join(folder, 'model.onnx');
  try {
    return await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (error) {
    throw unusable(file, reasonOf(error), error);
  }
}

async function answer(request: Exclude<ToReader, { type: 'stop' }>): Promise<void> {
  const { id } = request;
  try {
    if (request.type === 'read')
      post({ type: 'reading', id, reading: await read(request.text, request.context) });
    else post({ type: 'vectors', id, vectors: await vectorsOf(request.head, request.side, request.texts) });
  } catch (error) {
    post({ type: 'failed', id, error: portable(error) });
  }
}

async function read(text: string, context: string): Promise<Reading> {
  const { tokenizer, lower } = await trunk;
  const head = await care();
  const encode = (value: string): number[] => tokenizer.encode(value, { add_special_tokens: false }).ids;
  const before = context === '' ? [] : encode(context);
  let gravest: Reading | undefined;
  for (const [place, own] of windows(encode(text)).entries()) {
    const reading = await readWindow(lower, head, own, place === 0 ? before : []);
    if (!gravest || (reading.grades[0] ?? 1) < (gravest.grades[0] ?? 1)) gravest = reading;
  }
  return gravest ?? { grades: [1, 0, 0, 0, 0], kinds: [1, 0, 0, 0, 0, 0, 0] };
}

/** One batch, padded to its longest text; what is beyond the window of a text is cut. */
async function vectorsOf(name: string, side: string, texts: readonly string[]): Promise<Float32Array[]> {
  const { tokenizer, lower } = await trunk;
  const head = await vectorHeads.get(name)?.();
  const prefix = head?.sides[side];
  if (!head || prefix === undefined)
    throw new Error(`the reader has no head "${name}" with a side "${side}"`);
  const rows = texts.map((text) => {
    const { ids } = tokenizer.encode(`${prefix}${text}`, { add_special_tokens: false });
    return [begin, ...ids.slice(0, maxVectorTokens - 2), end];
  });
  const length = Math.max(...rows.map((row) => row.length));
  const shape = [rows.length, length];
  const ids = new BigInt64Array(rows.length * length).fill(BigInt(padding));
  const mask = new BigInt64Array(rows.length * length);
  for (const [place, row] of rows.entries()) {
    ids.set(BigInt64Array.from(row, BigInt), place * length);
    mask.fill(1n, place * length, place * length + row.length);
  }
  const feeds = { ids: new Tensor('int64', ids, shape), mask: new Tensor('int64', mask, shape) };
  const { hidden } = await lower.run(feeds);
  if (!hidden) throw new Error('the reader gives no "hidden"');
  const { vector } = await head.graph.run({ hidden, mask: feeds.mask });
  if (!(vector?.data instanceof Float32Array) || vector.data.length !== rows.length * head.dimension)
    throw new Error(`the head ${name} gives no "vector" of ${head.dimension} numbers`);
  const { data } = vector;
  return rows.map((_, place) => data.slice(place * head.dimension, (place + 1) * head.dimension));
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
  lower: InferenceSession,
  head: InferenceSession,
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
  const { grades, kinds } = await head.run({ hidden, mask });
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
