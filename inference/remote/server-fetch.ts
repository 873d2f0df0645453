import { readServerError } from './server-error.js';

const maxErrorBytes = 65_536;
const tailBytes = 64;
const newline = 0x0a;
/** One event larger than this is no token, and an answer in one piece larger than this no reply. */
const maxEventBytes = 1_048_576;

/**
 * A `fetch` for servers that are only nearly OpenAI-compatible:
 * - error bodies of any dialect become `{error: {message, …}}`, the only form whose words the openai client keeps;
 * - an answer that is no event stream though one was asked for (`Accept: text/event-stream`) becomes one, if it is a
 *   completion in JSON, or an error, if it is a page;
 * - an event, or an answer in one piece, that no client could hold ends the stream as a broken one does;
 * - whether a stream ended in `[DONE]` is remembered, because the client does not say.
 */
export class ServerFetch {
  readonly #base: typeof fetch;
  readonly #ended = new WeakSet<AbortSignal>();

  constructor(base: typeof fetch) {
    this.#base = base;
  }

  /** Whether the stream of the request with this signal ended in `data: [DONE]`. */
  endedProperly(signal: AbortSignal): boolean {
    return this.#ended.has(signal);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await this.#base(input, init);
    if (!response.ok) return asError(response, await readBounded(response));
    if (new Headers(init?.headers).get('accept') !== 'text/event-stream') return response;
    const type = response.headers.get('content-type') ?? '';
    if (/json/i.test(type)) {
      const text = await readBounded(response, maxEventBytes + 1);
      if (text.length > maxEventBytes) return asError(response, 'the answer is too large for a reply', 502);
      return asStream(text);
    }
    if (/html/i.test(type)) return asError(response, 'the address answers with an HTML page', 502);
    if (response.body && init?.signal) this.#watchEnd(response.body, init.signal);
    return response;
  };

  /** Keeps the last bytes that passed, and looks at them once the body ends: nothing is scanned while it streams. */
  #watchEnd(body: ReadableStream<Uint8Array>, signal: AbortSignal): void {
    const ended = this.#ended;
    const chunks = body[Symbol.asyncIterator].bind(body);
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      let tail: Uint8Array = new Uint8Array();
      let eventBytes = 0;
      for await (const chunk of chunks()) {
        const lastLine = chunk.lastIndexOf(newline);
        eventBytes = lastLine < 0 ? eventBytes + chunk.length : chunk.length - lastLine;
        if (eventBytes > maxEventBytes) throw new Error('an event of the stream has no end');
        tail = chunk.length >= tailBytes ? chunk : Buffer.concat([tail.subarray(-tailBytes), chunk]);
        yield chunk;
      }
      const text = Buffer.from(tail.subarray(-tailBytes)).toString('latin1');
      if (/data: ?\[DONE\]\s*$/.test(text)) ended.add(signal);
    };
    Object.defineProperty(body, Symbol.asyncIterator, { value: watched });
  }
}

function asError(response: Response, text: string, status = response.status): Response {
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  headers.delete('content-encoding');
  const known = readServerError(parseJson(text)) ?? {
    message: text.trim() || response.statusText || 'no reason given',
  };
  const { promptTokens, windowTokens, ...error } = known;
  const body = JSON.stringify({ error: { ...error, n_prompt_tokens: promptTokens, n_ctx: windowTokens } });
  return new Response(body, { status, headers });
}

function asStream(json: string): Response {
  const event = `data: ${json.replace(/[\r\n]+/g, ' ')}\n\n`;
  return new Response(event, { status: 200, headers: { 'content-type': 'text/event-stream' } });
}

async function readBounded(response: Response, maxBytes = maxErrorBytes): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    size += part.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
