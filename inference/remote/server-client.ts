import OpenAI from 'openai';
import { ServerFetch } from './server-fetch.js';

/** What a server serves, by `GET /models`. */
interface ModelList {
  readonly data?: readonly { readonly id?: unknown }[];
}

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

  /** The names in `GET /models`. */
  async models(timeoutMs: number): Promise<readonly string[]> {
    const list = await this.#client.get<ModelList>('/models', { timeout: timeoutMs });
    const entries = Array.isArray(list?.data) ? list.data : [];
    return entries.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  }

  /** Posts JSON to a path beside `/v1` (`/tokenize`) and gives back what came. */
  async postBesideV1(path: string, body: object, timeoutMs: number): Promise<unknown> {
    const root = this.url.replace(/\/v\d+$/, '');
    return this.#client.post<unknown>(`${root}${path}`, { body, timeout: timeoutMs });
  }
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
