import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Behaviour, ModelServerOptions, RecordedRequest } from './model-server/behaviour.js';
import { ChunkWriter } from './model-server/chunks.js';
import { type Answer, badKeyAnswer } from './model-server/errors.js';
import { planReply } from './model-server/plan.js';
import { playStream } from './model-server/playback.js';
import { check } from './model-server/refusal.js';
import { TimerWheel } from './model-server/timer-wheel.js';
import { tokenizeAnswer } from './model-server/tokenize.js';

export type {
  Behaviour,
  Fault,
  ModelServerOptions,
  RecordedRequest,
} from './model-server/behaviour.js';
export { defaultReply } from './model-server/plan.js';

/** Starts a scripted OpenAI-compatible model server on a loopback port. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = new ModelServer(options);
  await server.listen();
  return server;
}

/**
 * A wire-level double of a model server: `/v1/models`, `/v1/chat/completions`, `/v1/completions` (streamed or whole) and
 * `/tokenize`. Each completion takes the next queued behaviour, or the default one.
 */
export class ModelServer {
  /** Every request, oldest first (empty when `record` is false). */
  readonly requests: RecordedRequest[] = [];
  /** TCP connections accepted so far. */
  connections = 0;
  /** Completions being answered now, and the most there ever were at once. */
  active = 0;
  peak = 0;
  /** Served where nothing is queued; may be changed at any time. */
  behaviour: Behaviour | ((request: RecordedRequest) => Behaviour);
  readonly #options: ModelServerOptions;
  readonly #queue: Behaviour[] = [];
  readonly #wheel = new TimerWheel();
  readonly #http: Server;
  readonly #connectionOf = new WeakMap<Socket, number>();
  readonly #models = new Map<string, string>();
  readonly #waiting = new Set<() => void>();
  #completions = 0;

  constructor(options: ModelServerOptions) {
    this.#options = options;
    this.behaviour = options.behaviour ?? {};
    for (const model of options.models ?? ['test-model']) {
      const { id, aliases = [] } = typeof model === 'string' ? { id: model } : model;
      for (const name of [id, ...aliases]) this.#models.set(name, id);
    }
    this.#http = createServer({ keepAliveTimeout: options.keepAliveMs ?? 5_000 }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#http.on('connection', (socket) => {
      this.connections += 1;
      this.#connectionOf.set(socket, this.connections);
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }
  /** Without `/v1`. */
  get root(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  /** What goes into `MODEL_BASE_URL`. */
  get url(): string {
    return `${this.root}/v1`;
  }
  /** The completion requests among {@link requests}. */
  get completions(): RecordedRequest[] {
    return this.requests.filter((request) => request.path.endsWith('/completions'));
  }

  /** Adds behaviours for the next completions, in order. */
  enqueue(...behaviours: readonly Behaviour[]): void {
    this.#queue.push(...behaviours);
  }

  /** Resolves once at least `n` completions were received. */
  async received(n: number): Promise<void> {
    while (this.#completions < n) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(this.#options.port ?? 0, '127.0.0.1', 2_048, resolve);
    });
  }

  /** Closes the port and every connection. */
  async stop(): Promise<void> {
    this.#wheel.stop();
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
    this.#http.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = this.#record(incoming, response, parseJson(await readAll(incoming)));
    const path = request.path;
    const key = this.#options.apiKey;
    const sent = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (key !== undefined && sent !== key) reply(response, badKeyAnswer(sent));
    else if (path === '/v1/models') reply(response, { status: 200, body: this.#modelList() });
    else if (path === '/props' && this.#options.dialect === 'llama.cpp')
      reply(response, {
        status: 200,
        body: { default_generation_settings: { n_ctx: this.#options.contextTokens } },
      });
    else if (path === '/tokenize') reply(response, tokenizeAnswer(request.body, this.#options));
    else if (path === '/v1/chat/completions' || path === '/v1/completions') this.#complete(request, response);
    else reply(response, { status: 404, body: { detail: 'Not Found' } });
  }

  #record(
    incoming: IncomingMessage,
    response: ServerResponse,
    body: RecordedRequest['body'],
  ): RecordedRequest {
    const over = new Promise<void>((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) request.aborted = true;
        resolve();
      });
    });
    const request: RecordedRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body,
      connection: this.#connectionOf.get(incoming.socket) ?? 0,
      aborted: false,
      over,
    };
    if (this.#options.record !== false) this.requests.push(request);
    return request;
  }

  #complete(request: RecordedRequest, response: ServerResponse): void {
    this.#completions += 1;
    this.active += 1;
    this.peak = Math.max(this.peak, this.active);
    response.once('close', () => {
      this.active -= 1;
    });
    const behaviour =
      this.#queue.shift() ??
      (typeof this.behaviour === 'function' ? this.behaviour(request) : this.behaviour);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();

    const fault = behaviour.fault;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'status') reply(response, fault);
    else this.#answer(request, response, behaviour);
  }

  #answer(request: RecordedRequest, response: ServerResponse, behaviour: Behaviour): void {
    const accepted = check(request.body, this.#options, this.#models);
    if ('refusal' in accepted) {
      reply(response, accepted.refusal);
      return;
    }
    const body = request.body ?? {};
    const plan = planReply(request, behaviour, accepted.promptTokens);
    const options = body.stream_options as { include_usage?: boolean } | undefined;
    const chunks = new ChunkWriter({
      chat: request.path.endsWith('/chat/completions'),
      model: accepted.model,
      id: this.#completions,
      behaviour,
      plan,
      askedUsage: options?.include_usage === true,
    });
    if (body.stream === true && !behaviour.ignoreStream) {
      playStream(response, chunks, { behaviour, tokens: plan.tokens.length, wheel: this.#wheel });
    } else {
      const delay = (behaviour.ttftMs ?? 0) + (behaviour.tokenMs ?? 0) * Math.max(0, plan.tokens.length - 1);
      this.#wheel.schedule(delay, () => reply(response, { status: 200, body: chunks.whole() }));
    }
  }

  #modelList(): unknown {
    const { contextTokens, dialect = 'vllm' } = this.#options;
    const named = dialect === 'vllm' && contextTokens !== undefined;
    const data = [...this.#models].map(([id, root]) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: 'double',
      root,
      ...(named && { max_model_len: contextTokens }),
    }));
    return { object: 'list', data };
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(text);
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): Readonly<Record<string, unknown>> | null {
  if (text === '') return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
