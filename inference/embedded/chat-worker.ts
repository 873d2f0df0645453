import { parentPort, workerData } from 'node:worker_threads';
import { type PortableError, RapportError, reasonOf } from '../../config/errors.js';
import { guardRuntime } from '../onnx/guard-runtime.js';
import type { ThreadData } from '../onnx/native-thread.js';
import { RunGate } from '../onnx/run-gate.js';
import type { FailedCall } from '../onnx/thread-calls.js';
import type { ChatWorkerSettings, FromChat, ToChat } from './chat-messages.js';
import type { TextEngine } from './text-engine.js';

/** The thread of the embedded chat model: one job after the other; counting, scoring and aborting go between two steps. */
const port = parentPort;
if (!port) throw new Error('chat-worker runs in a worker thread');
const { gate, settings } = workerData as ThreadData<ChatWorkerSettings>;
guardRuntime(new RunGate(gate));

const engine = load();
engine.catch(() => undefined); // reported to whoever asks
const aborts = new Map<number, AbortController>();
let tail: Promise<void> = Promise.resolve();

port.on('message', (message: ToChat) => {
  if (message.type === 'stop') process.exit(0);
  else if (message.type === 'abort') aborts.get(message.id)?.abort(new Error('aborted'));
  else if (message.type === 'generate') {
    const abort = new AbortController();
    aborts.set(message.id, abort);
    tail = tail.then(() => generate(message, abort));
  } else void answer(message);
});

async function load(): Promise<TextEngine> {
  if (settings.runtime === 'graph') return (await import('./graph-engine.js')).GraphEngine.load(settings);
  return (await import('./transformers-engine.js')).TransformersEngine.load(settings);
}

async function generate(
  { id, job }: Extract<ToChat, { type: 'generate' }>,
  abort: AbortController,
): Promise<void> {
  try {
    const loaded = await engine;
    abort.signal.throwIfAborted();
    const onText = (text: string): void => post({ type: 'text', id, text });
    post({ type: 'generated', id, generated: await loaded.generate(job, { onText, signal: abort.signal }) });
  } catch (error) {
    post({ type: 'failed', id, error: portable(error) });
  } finally {
    aborts.delete(id);
  }
}

async function answer(message: Extract<ToChat, { type: 'count' | 'load' | 'score' }>): Promise<void> {
  const { id } = message;
  try {
    const loaded = await engine;
    if (message.type === 'count') post({ type: 'counted', id, tokens: loaded.count(message.text) });
    else if (message.type === 'score') {
      const { prompt, text } = message;
      const logProbability = (await loaded.logProbability?.(prompt, text)) ?? null;
      post({ type: 'scored', id, logProbability });
    } else post({ type: 'loaded', id, contextTokens: loaded.contextTokens });
  } catch (error) {
    post({ type: 'failed', id, error: portable(error) });
  }
}

function post(message: FromChat | FailedCall): void {
  port?.postMessage(message);
}

function portable(error: unknown): PortableError {
  if (error instanceof RapportError) return error.portable;
  return { code: 'RAPPORT_E_MODEL_INTERRUPTED', details: { reason: reasonOf(error) } };
}
