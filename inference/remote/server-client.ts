import OpenAI from 'openai';
import { ServerFetch } from './server-fetch.js';

/** A model as `GET /models` lists it. */
export interface ServedModel {
  readonly id: string;
  /** Its window in tokens; null where the server does not say. */
  readonly window: number | null;
}

/** The window of a model among those served; of one that is not listed (llama.cpp takes any name) that of the only one. */
export function windowOf(served: readonly ServedModel[], model: string): number | null {
  const listed = served.find(({ id }) => id === model);
  return (listed ?? (served.length === 1 ? served[0] : undefined))?.window ?? null;
}

/** Where servers name the window: vLLM and SGLang, OpenRouter, Groq, Mistral. */
const windowFields = ['max_model_len', 'context_length', 'context_window', 'max_context_length'] as const;

/** A stream of raw events, and whether it ended as it should once it is over. */
export interface EventStream {
  readonly events: AsyncIterable<unknown>;
  endedProperly(): boolean;
}

/** The openai client of one base URL, bare of its own retries, logs, environment and long timeouts. */
export class ServerClient {
  /** Base URL without credentials and without a slash at the end. */
  readonly url: string;
  readonly apiKey: string | null;
  readonly #client: OpenAI;
  readonly #fetch: ServerFetch;

  constructor(options: {
    readonly url: string;
    readonly apiKey?: string | undefined;
    readonly fetch?: typeof fetch | undefined;
  }) {
    const { url, basic } = splitCredentials(options.url);
    this.url = url;
    this.apiKey = options.apiKey ?? null;
    this.#fetch = new ServerFetch(options.fetch ?? ((input, init) => fetch(input, init)));
    this.#client = new OpenAI({
      baseURL: url,
      apiKey: options.apiKey ?? 'none',
      // The environment of the process holds other people's keys: none of it goes to this server.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      logLevel: 'off',
      fetch: this.#fetch.fetch,
      ...(options.apiKey === undefined ? { defaultHeaders: { Authorization: basic } } : {}),
    });
  }

  /** Starts a streamed completion; the server's answer has begun when it resolves. */
  async stream(
    path: string,
    body: object,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<EventStream> {
    const stream = await this.#client.post<AsyncIterable<unknown> & { readonly controller: AbortController }>(
      path,
      {
        body,
        stream: true,
        signal: options.signal,
        timeout: options.timeoutMs,
        headers: { Accept: 'text/event-stream' },
      },
    );
    return { events: stream, endedProperly: () => this.#fetch.endedProperly(stream.controller.signal) };
  }

  /** What `GET /models` lists. */
  async models(timeoutMs: number): Promise<readonly ServedModel[]> {
    const list = record(await this.#client.get<unknown>('/models', { timeout: timeoutMs }));
    const entries = (Array.isArray(list.data) ? list.data : []).map(record);
    const own = (entry: Fields): number | null =>
      windowFields.map((field) => tokens(entry[field])).find((window) => window !== null) ??
      tokens(record(entry.meta).n_ctx);
    return entries.flatMap((entry): ServedModel[] => {
      if (typeof entry.id !== 'string') return [];
      // vLLM lists a LoRA without a window of its own: it has its parent's.
      const parent = entries.find(({ id }) => id !== undefined && id === entry.parent);
      return [{ id: entry.id, window: own(entry) ?? (parent ? own(parent) : null) }];
    });
  }

  /** The window in llama.cpp's `GET /props`, beside `/v1`; null where there is no such thing. */
  async windowOfProps(timeoutMs: number): Promise<number | null> {
    try {
      const props = record(await this.#client.get<unknown>(`${this.#root}/props`, { timeout: timeoutMs }));
      return tokens(record(props.default_generation_settings).n_ctx);
    } catch {
      return null;
    }
  }

  /** Posts JSON to a path beside `/v1` (`/tokenize`) and gives back what came. */
  async postBesideV1(path: string, body: object, timeoutMs: number): Promise<unknown> {
    return this.#client.post<unknown>(`${this.#root}${path}`, { body, timeout: timeoutMs });
  }

  get #root(): string {
    return this.url.replace(/\/v\d+$/, '');
  }
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function tokens(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? Math.floor(value) : null;
}

/** `fetch` refuses addresses with a user name in them; they become a Basic authorization. */
function splitCredentials(address: string): { readonly url: string; readonly basic: string | null } {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = url.toString().replace(/\/+$/, '');
  if (username === '') return { url: plain, basic: null };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: plain, basic: `Basic ${Buffer.from(pair).toString('base64')}` };
}
