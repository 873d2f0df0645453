import { afterEach, expect } from 'vitest';
import { type ErrorCode, RapportError } from '../../../config/errors.js';
import {
  createRemoteModel,
  type RemoteModel,
  type RemoteModelOptions,
} from '../../../inference/remote/remote-model.js';
import type {
  ChatBody,
  CompletionBody,
  ModelDelta,
  ModelRequest,
  TokenCounter,
} from '../../../src/prompting/chat-model.js';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../../doubles/model-server.js';

export const key = 'key-of-the-operator';
/** Counts every text as 1,000 tokens, so that it shows when the estimate was used. */
const fallback: TokenCounter = { exact: false, count: async () => 1_000 };

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A double that is stopped after the test. */
export async function server(options?: ModelServerOptions): Promise<ModelServer> {
  const started = await startModelServer(options);
  servers.push(started);
  return started;
}

/** The address of a port that nobody listens on. */
export async function deadUrl(): Promise<string> {
  const gone = await startModelServer();
  const { url } = gone;
  await gone.stop();
  return url;
}

export function remote(urls: readonly string[], options: Partial<RemoteModelOptions> = {}): RemoteModel {
  return createRemoteModel({
    name: 'gpu',
    urls,
    apiKey: key,
    timeouts: { firstTokenMs: 5_000, betweenTokensMs: 5_000 },
    breaker: { failures: 3, halfOpenAfterMs: 60_000 },
    retry: { rounds: 1, maxWaitMs: 1_000 },
    fallback,
    ...options,
  });
}

export function chat(body: Partial<ChatBody> = {}): ModelRequest {
  const messages = [{ role: 'user' as const, content: 'I lost my job last week.' }];
  return { endpoint: 'chat/completions', body: { model: 'test-model', messages, ...body } };
}

export function raw(body: Partial<CompletionBody> = {}): ModelRequest {
  return { endpoint: 'completions', body: { model: 'test-model', prompt: 'Hello', ...body } };
}

export interface Collected {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly done: Extract<ModelDelta, { type: 'done' }>;
}

export function stream(
  model: RemoteModel,
  request: ModelRequest = chat(),
  options: { readonly signal?: AbortSignal; readonly affinity?: string } = {},
): AsyncIterable<ModelDelta> {
  const { signal = new AbortController().signal, affinity = 'maren' } = options;
  return model.stream(request, { signal, affinity });
}

/** Reads a stream to its end and checks that `done` comes once and last. */
export async function collect(deltas: AsyncIterable<ModelDelta>): Promise<Collected> {
  const all: ModelDelta[] = [];
  for await (const delta of deltas) all.push(delta);
  const done = all.at(-1);
  const pieces = all
    .slice(0, -1)
    .map((delta) => (delta.type === 'text' ? delta.text : expect.fail('two ends')));
  if (done?.type !== 'done') return expect.fail('no end');
  return { text: pieces.join(''), pieces, done };
}

/** Reads until the stream throws a coded error; gives back the error and the text before it. */
export async function failure(
  deltas: AsyncIterable<ModelDelta>,
  code: ErrorCode,
): Promise<{ readonly error: RapportError; readonly text: string }> {
  let text = '';
  try {
    for await (const delta of deltas) if (delta.type === 'text') text += delta.text;
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    expect(error.code).toBe(code);
    return { error, text };
  }
  return expect.fail(`no error; the text was: ${text}`);
}
