import { readServerError, type ServerError } from './server-error.js';

/** One event of a completion stream, chat or raw, reduced to what matters. */
export interface Chunk {
  readonly text: string;
  /** Something other than text was generated (reasoning of a thinking model): a sign of life. */
  readonly alive: boolean;
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
export function readChunk(value: unknown): Chunk {
  const event = record(value);
  const choice = record(Array.isArray(event.choices) ? event.choices[0] : undefined);
  // `delta` in a chat stream, `message` where a server answers whole, `text` in a raw completion.
  const delta = record(choice.delta ?? choice.message);
  const text = delta.content ?? choice.text;
  const reasoning = delta.reasoning_content ?? delta.reasoning;
  const finish = choice.finish_reason;
  return {
    text: typeof text === 'string' ? text : '',
    alive: typeof reasoning === 'string' && reasoning !== '',
    finishReason: typeof finish === 'string' && finish !== '' ? finish : null,
    stopReason: stopReason(choice.stop_reason),
    usage: usage(event.usage),
    error: choice.delta === undefined && choice.text === undefined ? readServerError(value) : null,
  };
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
