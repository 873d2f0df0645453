import { APIConnectionError, APIError } from 'openai';
import { redact } from '../../config/secrets.js';
import { isContextOverflow, isSpent, readServerError, type ServerError } from './server-error.js';

/**
 * - `network`: no connection, reset, cut, DNS, TLS
 * - `server`: a 5xx answer, or an error event of that kind in the stream
 * - `spent`: what the operator may use at the provider is used up
 * - `limited`: 429, or 503 with Retry-After: alive, but not now
 * - `timeout`: nothing came in time
 * - `protocol`: an answer that is no completion stream
 * - `endless`: the reply went on beyond every bound
 * - `busy`: our own queue for the endpoint is full
 * - `refused`: another 4xx; the next endpoint would say the same
 * - `overflow`: the prompt does not fit the window
 */
export type FailureKind =
  | 'network'
  | 'server'
  | 'spent'
  | 'limited'
  | 'timeout'
  | 'protocol'
  | 'endless'
  | 'busy'
  | 'refused'
  | 'overflow';

/** Why one endpoint did not serve one request. `message` is redacted, in one line and bounded. */
export class EndpointFailure extends Error {
  override readonly name = 'EndpointFailure';
  readonly kind: FailureKind;
  readonly status: number | null;
  /** How long the server asks to be left alone, ms. */
  readonly retryAfterMs: number | null;
  /** What was waited for, and how long, for `timeout`. */
  readonly wait: { readonly phase: string; readonly ms: number } | null;
  readonly serverError: ServerError | null;

  constructor(
    kind: FailureKind,
    message: string,
    more: {
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | null;
      readonly wait?: { readonly phase: string; readonly ms: number };
      readonly serverError?: ServerError | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(oneLine(message), more.cause === undefined ? undefined : { cause: more.cause });
    this.kind = kind;
    this.status = more.status ?? null;
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.wait = more.wait ?? null;
    this.serverError = more.serverError ?? null;
  }

  /** Whether another endpoint, or the same one later, can succeed. */
  get movesOn(): boolean {
    return this.kind !== 'refused' && this.kind !== 'overflow';
  }
  /** Whether the endpoint itself is to blame, for the circuit breaker. */
  get countsAgainstHealth(): boolean {
    return (
      this.kind === 'network' || this.kind === 'server' || this.kind === 'timeout' || this.kind === 'protocol'
    );
  }
}

/** Classifies whatever the openai client threw; `apiKey` never survives in the text. */
export function endpointFailure(thrown: unknown, apiKey: string | null): EndpointFailure {
  if (thrown instanceof EndpointFailure) return thrown;
  if (thrown instanceof APIConnectionError)
    return new EndpointFailure('network', rootCause(thrown), { cause: thrown });
  if (thrown instanceof APIError) {
    const known = readServerError({ error: thrown.error }) ?? { message: thrown.message };
    return fromServerError(known, { status: thrown.status, headers: thrown.headers, apiKey });
  }
  if (thrown instanceof SyntaxError) {
    return new EndpointFailure('protocol', 'the stream holds a line that is not JSON', { cause: thrown });
  }
  return new EndpointFailure('network', `the connection was cut (${rootCause(thrown)})`, { cause: thrown });
}

/** Classifies an error the server worded itself, in an HTTP answer (with a status) or inside a stream (without). */
export function fromServerError(
  error: ServerError,
  context: {
    readonly status?: number | undefined;
    readonly headers?: Headers | undefined;
    readonly apiKey: string | null;
  },
): EndpointFailure {
  const serverError = { ...error, message: clean(error.message, context.apiKey) };
  const status = context.status ?? statusInside(error);
  const retryAfterMs = context.headers ? retryAfter(context.headers) : null;
  const more = { status, retryAfterMs, serverError };
  if (isContextOverflow(error)) return new EndpointFailure('overflow', serverError.message, more);
  const kind = isSpent(error, status) ? 'spent' : kindOf(status, retryAfterMs);
  return new EndpointFailure(kind, serverError.message, more);
}

function kindOf(status: number | undefined, retryAfterMs: number | null): FailureKind {
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return 'limited';
  if (status === undefined || status >= 500 || status === 408 || status === 409 || status === 425)
    return 'server';
  return 'refused';
}

/** The status that an error inside a stream amounts to: vLLM puts the HTTP status in `code`, FastChat 4xxxx or 5xxxx. */
function statusInside(error: ServerError): number | undefined {
  const code = Number(error.code);
  if (code >= 400 && code < 600) return code;
  if (code >= 40_000 && code < 60_000) return Math.floor(code / 100);
  return undefined;
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date; ms from now, null when absent. */
function retryAfter(headers: Headers): number | null {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const text = headers.get('retry-after');
  if (text === null) return null;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/** The innermost reason of a chain of causes, with its code: `connect ECONNREFUSED 127.0.0.1:8000`. */
function rootCause(thrown: unknown): string {
  let error = thrown;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) error = error.errors[0];
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return error.message.includes(code) ? error.message : `${error.message} (${code})`;
}

function clean(text: string, apiKey: string | null): string {
  const unnamed = redact(text, apiKey === null ? {} : { MODEL_API_KEY: apiKey });
  return unnamed.replace(/\b(sk-|Bearer\s+)[\w.~+/-]{6,}/g, '$1***');
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 300 ? `${flat.slice(0, 299)}…` : flat;
}
