import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { RapportError, reasonOf } from '../../config/errors.js';
import { type Clock, type Random, systemClock, systemRandom } from '../../src/clock.js';
import type {
  ChatModel,
  ModelDelta,
  ModelRequest,
  TokenCounter,
  TokenEncoder,
} from '../../src/prompting/chat-model.js';
import { type Logger, silentLogger } from '../../src/telemetry/logger.js';
import { countInSlices } from '../in-slices.js';
import type { StreamTimeouts } from './completion-stream.js';
import { Endpoint } from './endpoint.js';
import type { BreakerSettings } from './endpoint-health.js';
import { EndpointPool, type RetrySettings } from './endpoint-pool.js';
import { ServerClient } from './server-client.js';
import { ServerFacts } from './server-facts.js';
import { ServerTokenCounter } from './server-token-counter.js';

export interface RemoteModelOptions {
  /** Name of the endpoint in the configuration, for errors. */
  readonly name: string;
  /** Base URLs of OpenAI-compatible servers that serve the same models, with `/v1`. */
  readonly urls: readonly string[];
  readonly apiKey?: string | undefined;
  readonly timeouts: StreamTimeouts;
  readonly breaker: BreakerSettings;
  readonly retry?: RetrySettings | undefined;
  /** Requests at once for each URL; 0 for no bound (default). */
  readonly maxConcurrent?: number | undefined;
  /** Requests that may wait for a slot of each URL (default 1,000). */
  readonly maxQueued?: number | undefined;
  /** Sends only what the public OpenAI API knows; by itself on for api.openai.com. */
  readonly strictOpenAi?: boolean | undefined;
  /** A local tokenizer.json, or the folder that holds it: counts instead of the server's `/tokenize`, and encodes. */
  readonly tokenizer?: string | undefined;
  /** Model whose tokenizer the server counts with. */
  readonly tokenizerModel?: string | undefined;
  /** Counts where neither a local tokenizer nor the server can. */
  readonly fallback: TokenCounter;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  readonly logger?: Logger | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/** A model behind one or more OpenAI-compatible servers. */
export interface RemoteModel extends ChatModel {
  readonly facts: ServerFacts;
  /** For doctor and metrics. */
  readonly pool: EndpointPool;
  /** The local tokenizer, where one is configured. */
  readonly encoder: TokenEncoder | undefined;
}

/**
 * A {@link ChatModel} over OpenAI-compatible servers (vLLM, FastChat, llama.cpp, Ollama, OpenAI …).
 * @throws RapportError RAPPORT_E_MODEL_FILE when the local tokenizer cannot be used.
 */
export function createRemoteModel(options: RemoteModelOptions): RemoteModel {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const facts = new ServerFacts(clock);
  const endpoints = options.urls.map((url) => {
    const client = new ServerClient({ url, apiKey: options.apiKey, fetch: options.fetch });
    const settings = {
      timeouts: options.timeouts,
      breaker: options.breaker,
      maxConcurrent: options.maxConcurrent ?? 0,
      maxQueued: options.maxQueued ?? 1_000,
      strictOpenAi: options.strictOpenAi ?? new URL(url).hostname === 'api.openai.com',
    };
    return new Endpoint(client, settings, facts, clock, logger);
  });
  const pool = new EndpointPool(
    options.name,
    endpoints,
    options.retry ?? { rounds: 2, maxWaitMs: 5_000 },
    clock,
    random,
  );
  const local = options.tokenizer === undefined ? undefined : localTokenizer(options.tokenizer);
  const tokens =
    local ??
    new ServerTokenCounter({
      client: () => pool.representative?.client,
      model: options.tokenizerModel,
      fallback: options.fallback,
      clock,
    });
  return {
    pool,
    tokens,
    facts,
    encoder: local,
    stream: (request: ModelRequest, { signal, affinity }): AsyncIterable<ModelDelta> =>
      pool.stream(request, affinity, signal),
  };
}

/**
 * Counts and encodes with a model's own tokenizer.json (or the folder that holds it), without special tokens.
 * @throws RapportError RAPPORT_E_MODEL_FILE when it cannot be read or used.
 */
export function localTokenizer(path: string): TokenCounter & TokenEncoder {
  try {
    const file = statSync(path).isDirectory() ? join(path, 'tokenizer.json') : path;
    const settings = join(dirname(file), 'tokenizer_config.json');
    const tokenizer = new Tokenizer(readJson(file), existsSync(settings) ? readJson(settings) : {});
    const encode = (text: string): readonly number[] =>
      tokenizer.encode(text, { add_special_tokens: false }).ids;
    return { exact: true, encode, count: (text) => countInSlices(text, (slice) => encode(slice).length) };
  } catch (error) {
    throw new RapportError('RAPPORT_E_MODEL_FILE', { file: path, reason: reasonOf(error) }, error);
  }
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
