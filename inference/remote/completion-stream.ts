import type { Clock } from '../../src/clock.js';
import type { ModelDelta, ModelRequest } from '../../src/prompting/chat-model.js';
import { StopGuard } from '../../src/text/stop-guard.js';
import { EndpointFailure, endpointFailure, fromServerError } from './endpoint-failure.js';
import type { RequestDialect } from './request-dialect.js';
import type { EventStream, ServerClient } from './server-client.js';
import { readServerError, type ServerError } from './server-error.js';
import type { ServerFacts } from './server-facts.js';
import { ThoughtFilter } from './thought-filter.js';
import { withoutEcho } from './without-echo.js';

/** What was waited for, in words for an error, and for how long at most. */
export interface Wait {
  readonly phase: string;
  readonly ms: number;
}

/** Barks when nothing was heard for a while. One timer serves the whole stream; it is only moved. */
class Watchdog {
  readonly #bark: (wait: Wait) => void;
  #timer: NodeJS.Timeout | null = null;
  #wait: Wait = { phase: '', ms: 0 };
  #paused = false;
  /** Counts the waits, to notice a new one. */
  #waits = 0;

  constructor(bark: (wait: Wait) => void) {
    this.#bark = bark;
  }

  /** Starts a wait, in place of the one before. */
  watch(wait: Wait): void {
    this.#paused = false;
    this.#waits += 1;
    if (this.#timer && wait.ms === this.#wait.ms) {
      this.#wait = wait;
      this.#timer.refresh();
      return;
    }
    this.stop();
    this.#wait = wait;
    this.#timer = setTimeout(() => this.#expired(), wait.ms);
  }

  /** Stays quiet until the next {@link watch}: the one who reads takes their time, not the server. */
  pause(): void {
    this.#paused = true;
  }

  stop(): void {
    this.#waits += 1;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** After a stall of our own process the timer is due before what has long arrived is read: reading goes first. */
  #expired(): void {
    const wait = this.#waits;
    setImmediate(() => {
      if (!this.#paused && wait === this.#waits) this.#bark(this.#wait);
    });
  }
}

/** One event of a completion stream, chat or raw, reduced to what matters. */
export interface Chunk {
  readonly text: string;
  /** Units of what was generated beside the text (reasoning of a thinking model): a sign of life. */
  readonly thoughtChars: number;
  readonly finishReason: string | null;
  /** Undefined where the server does not say. */
  readonly stopReason: string | null | undefined;
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number } | null;
  readonly error: ServerError | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one event. Written by hand rather than with a schema because it runs for every token; nothing is assumed of the
 * value. Chunks without choices (usage), with `content: null` (role) or with unknown fields are all in order.
 */
function readChunk(value: unknown): Chunk {
  const event = record(value);
  const choice = record(Array.isArray(event.choices) ? event.choices[0] : undefined);
  // `delta` in a chat stream, `message` where a server answers whole, `text` in a raw completion.
  const delta = record(choice.delta ?? choice.message);
  // What a model says in place of an answer (OpenAI) is what it says.
  const content = delta.content ?? delta.refusal ?? choice.text;
  const text = Array.isArray(content) ? parts(content) : content;
  const reasoning = delta.reasoning_content ?? delta.reasoning ?? delta.thinking;
  const finish = choice.finish_reason;
  return {
    text: typeof text === 'string' ? text : '',
    thoughtChars: typeof reasoning === 'string' ? reasoning.length : thoughtParts(content),
    finishReason: typeof finish === 'string' && finish !== '' ? finish : null,
    stopReason: stopReason(choice.stop_reason),
    usage: usage(event.usage),
    error: errorIn(value, event, choice),
  };
}

/** An error may stand alone, or beside a delta (OpenRouter; one in the event itself the client throws before). */
function errorIn(value: unknown, event: Fields, choice: Fields): ServerError | null {
  if (choice.delta === undefined && choice.text === undefined) return readServerError(value);
  const error = event.error ?? choice.error;
  const isSaid = typeof error === 'string' ? error !== '' : Object.keys(record(error)).length > 0;
  return isSaid ? readServerError({ error }) : null;
}

/** Mistral's and others' content in parts; what is not text is not for people. */
function parts(content: readonly unknown[]): string {
  return content
    .map(record)
    .map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
    .join('');
}

function thoughtParts(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  const thoughts = content.filter((part) => record(part).type !== 'text');
  return thoughts.length === 0 ? 0 : JSON.stringify(thoughts).length;
}

/** vLLM: the stop string, a stop token's id, or null at the end of the text. */
function stopReason(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return value;
  return String(value);
}

function usage(value: unknown): Chunk['usage'] {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = record(value);
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return null;
  return { promptTokens, completionTokens };
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export interface StreamTimeouts {
  /** From the request to the first generated token, ms. */
  readonly firstTokenMs: number;
  /** From one token to the next, ms. */
  readonly betweenTokensMs: number;
  /** How long a request may wait for a free slot, ms; as long as for the first token where nothing is given. */
  readonly queueMs?: number | undefined;
  /** From the first token to the last, ms; default ten minutes. */
  readonly replyMs?: number | undefined;
}

/** How long usage and `[DONE]` are waited for once the reply itself is complete, ms. */
const afterReplyMs = 250;
const usualReplyMs = 600_000;
/** Ends of a reply that are none: the server had no room for it (DeepSeek), or failed over it (OpenRouter, vLLM). */
const gaveUp: ReadonlySet<string> = new Set(['insufficient_system_resource', 'error', 'abort']);
/** A reply is cut at so many units for each token that was asked for (no vocabulary has many longer words), and some. */
const unitsPerToken = 16;
const spareUnits = 2_048;
/** What may be thought beside it, units. */
const thoughtUnits = 65_536;
/** Tokens of a reply whose length nobody bounded. */
const usualTokens = 4_096;

/**
 * Streams one completion from one server. Neither thoughts nor stop strings pass; a server that goes on and on is cut off at
 * a bound of size and of time; the request is aborted when the reader leaves.
 * @throws EndpointFailure for everything the server or the network does wrong; the signal's reason when aborted.
 */
export async function* completionStream(
  client: ServerClient,
  request: ModelRequest,
  options: {
    readonly dialect: RequestDialect;
    readonly timeouts: StreamTimeouts;
    readonly signal: AbortSignal;
    readonly facts: ServerFacts;
    readonly clock: Clock;
  },
): AsyncGenerator<ModelDelta, void> {
  const { signal, timeouts, facts, clock } = options;
  const { model, stop, max_tokens: maxTokens } = request.body;
  signal.throwIfAborted();
  const attempt = new AbortController();
  const late: { wait: Wait | null } = { wait: null };
  const watchdog = new Watchdog((wait) => {
    late.wait = wait;
    attempt.abort();
  });
  const abort = (): void => attempt.abort();
  signal.addEventListener('abort', abort, { once: true });
  const firstToken = { phase: 'before the first token', ms: timeouts.firstTokenMs };
  const nextToken = { phase: 'between two tokens', ms: timeouts.betweenTokensMs };
  const afterReply = { phase: 'after the reply', ms: afterReplyMs };
  const thoughts = new ThoughtFilter(facts.mayBeginInThought(model));
  const reply = new Reply(stop, thoughts);
  const bound = new Bound((maxTokens ?? usualTokens) * unitsPerToken + spareUnits);
  let firstAt: number | null = null;

  try {
    watchdog.watch(firstToken);
    const stream = await open(client, request, options.dialect, attempt.signal, timeouts);
    let wait = firstToken;
    for await (const event of stream.events) {
      const chunk = bound.received(readChunk(event));
      if (chunk.text !== '' || chunk.thoughtChars > 0) firstAt ??= clock.elapsed();
      if (chunk.error) {
        const last = bound.shown(reply.take({ ...chunk, finishReason: null }));
        if (last !== '') yield { type: 'text', text: last };
        throw fromServerError(chunk.error, { apiKey: client.apiKey });
      }
      if (chunk.finishReason !== null && gaveUp.has(chunk.finishReason))
        throw new EndpointFailure('server', `the server broke the reply off: ${chunk.finishReason}`);
      if (reply.stopped && chunk.text !== '') break;
      const text = bound.shown(reply.take(chunk));
      if (text !== '') {
        watchdog.pause();
        yield { type: 'text', text };
      }
      const tooLate = firstAt !== null && clock.elapsed() - firstAt > (timeouts.replyMs ?? usualReplyMs);
      if (bound.passed || (tooLate && !reply.complete)) {
        reply.cutOff();
        break;
      }
      if (chunk.text !== '' || chunk.thoughtChars > 0) wait = nextToken;
      // A role chunk is not a token: the wait for the first one goes on.
      if (reply.complete) watchdog.watch(afterReply);
      else if (wait === nextToken) watchdog.watch(nextToken);
    }
    if (!reply.complete && !attempt.signal.aborted) reply.close(stream.endedProperly());
  } catch (thrown) {
    if (!reply.complete && !attempt.signal.aborted)
      throw withoutEcho(endpointFailure(thrown, client.apiKey), request);
  } finally {
    watchdog.stop();
    signal.removeEventListener('abort', abort);
    attempt.abort();
  }
  signal.throwIfAborted();
  if (late.wait !== null && !reply.complete) throw timeout(late.wait);
  const rest = bound.shown(reply.rest());
  if (rest !== '') yield { type: 'text', text: rest };
  if (!reply.endless) facts.learnThoughts(model, thoughts);
  if ((reply.endless || bound.passed) && reply.spoke)
    throw new EndpointFailure('endless', 'the server did not end the reply and was cut off');
  yield reply.done();
}

/** Sends the request, again without what the server says it does not know. */
async function open(
  client: ServerClient,
  request: ModelRequest,
  dialect: RequestDialect,
  signal: AbortSignal,
  timeouts: StreamTimeouts,
): Promise<EventStream> {
  for (;;) {
    const body = dialect.body(request);
    try {
      // The watchdog is the one that keeps time; the client's own timeout is only kept out of its way.
      return await client.stream(`/${request.endpoint}`, body, {
        signal,
        timeoutMs: timeouts.firstTokenMs + 1_000,
      });
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const failure = endpointFailure(thrown, client.apiKey);
      const refusal = failure.kind === 'refused' ? failure.serverError : null;
      if (refusal === null || !dialect.learn(refusal, body)) throw failure;
    }
  }
}

function timeout(wait: Wait): EndpointFailure {
  return new EndpointFailure('timeout', `nothing for ${wait.ms} ms ${wait.phase}`, { wait });
}

/** How much one reply may be, received and shown. */
class Bound {
  #receivable: number;
  #showable: number;

  constructor(units: number) {
    this.#showable = units;
    this.#receivable = units + thoughtUnits;
  }

  get passed(): boolean {
    return this.#receivable < 0 || this.#showable < 0;
  }

  received(chunk: Chunk): Chunk {
    const text = chunk.text.slice(0, Math.max(0, this.#receivable));
    this.#receivable -= chunk.text.length + chunk.thoughtChars;
    return text.length === chunk.text.length ? chunk : { ...chunk, text, finishReason: null };
  }

  shown(text: string): string {
    const bounded = text.slice(0, Math.max(0, this.#showable));
    this.#showable -= text.length;
    return bounded.length === text.length ? text : bounded.toWellFormed();
  }
}

/** What is known of a reply so far. */
class Reply {
  readonly #guard: StopGuard;
  readonly #thoughts: ThoughtFilter;
  /** Text was let through. */
  spoke = false;
  /** Cut off on our side. */
  endless = false;
  #finishReason: string | null = null;
  #stopReason: string | null | undefined;
  #usage: Chunk['usage'] = null;

  constructor(stops: readonly string[] | undefined, thoughts: ThoughtFilter) {
    this.#guard = new StopGuard(stops);
    this.#thoughts = thoughts;
  }

  /** A stop string was met on our side. */
  get stopped(): boolean {
    return this.#guard.matched !== null;
  }
  /** All of the text is here; only usage and the end mark may follow. */
  get complete(): boolean {
    return this.stopped || this.#finishReason !== null;
  }

  take(chunk: Chunk): string {
    this.#usage = chunk.usage ?? this.#usage;
    if (chunk.stopReason !== undefined) this.#stopReason = chunk.stopReason;
    if (chunk.thoughtChars > 0) this.#thoughts.partedByServer();
    const text = this.#guard.push(this.#thoughts.push(chunk.text));
    this.spoke ||= text !== '';
    if (chunk.finishReason === null) return text;
    this.#finishReason = chunk.finishReason;
    return text + this.rest();
  }

  /** The bound is reached: what was never meant to be text ends as one cut by its length does. */
  cutOff(): void {
    this.endless = true;
    this.#finishReason = 'length';
  }

  /**
   * The stream is over and no finish reason came: in order after `[DONE]` (FastChat's vllm_worker), a cut without it.
   * @throws EndpointFailure `network`
   */
  close(endedProperly: boolean): void {
    if (!endedProperly) throw new EndpointFailure('network', 'the stream ended without a finish reason');
    this.#finishReason = 'stop';
  }

  /** Text that was held back as a possible stop string and turned out to be none. */
  rest(): string {
    const cut = this.#finishReason === 'length';
    const held = this.#guard.push(this.#thoughts.finish(cut));
    const text = held + this.#guard.flush(cut);
    this.spoke ||= text !== '';
    return text;
  }

  done(): ModelDelta {
    const stopReason = this.#guard.matched ?? this.#stopReason;
    return {
      type: 'done',
      finishReason: this.stopped ? 'stop' : (this.#finishReason ?? 'stop'),
      ...(stopReason === undefined ? {} : { stopReason }),
      ...(this.#usage === null ? {} : { usage: this.#usage }),
      ...(this.#thoughts.thought ? { thought: true } : {}),
    };
  }
}
