import type { IncomingHttpHeaders } from 'node:http';

/** What goes wrong with one answer. Counts are tokens of the reply already sent. */
export type Fault =
  /** An HTTP answer instead of a stream; a string body is sent as it is, anything else as JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The request is read, no byte ever comes back. */
  | { readonly kind: 'hang' }
  /** The socket is reset before the first byte. */
  | { readonly kind: 'reset' }
  /** The socket is reset in the middle of the stream. */
  | { readonly kind: 'cut'; readonly afterTokens: number }
  /** The stream goes silent without closing. */
  | { readonly kind: 'stall'; readonly afterTokens: number }
  /** The HTTP answer ends cleanly, without a finish reason and without `[DONE]`. */
  | { readonly kind: 'end-early'; readonly afterTokens: number }
  /** One more `data:` event holding this JSON (or text), then `[DONE]`. */
  | { readonly kind: 'event'; readonly afterTokens: number; readonly event: unknown };

/** How one completion request is answered. Every field has a default: a well-behaved vLLM-like server. */
export interface Behaviour {
  /** The reply as text (sent in word tokens), as explicit tokens, or as a function of the request. */
  readonly reply?: Reply | ((request: RecordedRequest) => Reply);
  /** Milliseconds from the request to the first token. */
  readonly ttftMs?: number;
  /** Milliseconds between tokens. */
  readonly tokenMs?: number;
  readonly fault?: Fault;
  /** `honour` cuts before the first stop string, `include` after it, `ignore` sends everything. */
  readonly stops?: 'honour' | 'include' | 'ignore';
  /** Sends vLLM's `stop_reason`: the stop string that matched, or null at the end of the reply. */
  readonly stopReason?: boolean;
  /** A chunk of its own for the finish reason, in the last text chunk, or not at all (FastChat's vllm_worker). */
  readonly finish?: 'separate' | 'with-text' | 'none';
  /** The usage chunk: when `stream_options.include_usage` asks for it, on every chunk, or never. */
  readonly usage?: 'asked' | 'each' | 'never';
  /** The first chat chunk: role with `content: null`, with an empty text, or no role chunk. */
  readonly role?: 'null' | 'empty' | 'none';
  /** Whether the stream ends in `data: [DONE]`. */
  readonly doneMark?: boolean;
  /** Sends every event that holds a character of several bytes in two writes, cut inside that character. */
  readonly splitUtf8?: boolean;
  /** Thought before the reply, in word tokens of `reasoning_content`; `max_tokens` pays for it as for the reply. */
  readonly reasoning?: string;
  /** Sends the whole reply whatever `max_tokens` says. */
  readonly ignoreMaxTokens?: boolean;
  /** After its tokens the reply repeats its last one for as long as it is listened to. */
  readonly endless?: boolean;
  /** Answers with one JSON object though a stream was asked for. */
  readonly ignoreStream?: boolean;
}

type Reply = string | readonly string[];

/** One request as the server saw it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, or null. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Number of the TCP connection it came over, from 1. */
  readonly connection: number;
  /** The client went away before the answer was complete. */
  aborted: boolean;
  /** Resolves when the exchange is over, either way. */
  readonly over: Promise<void>;
}

/** Which server is imitated where they differ: error bodies, strictness and `/tokenize`. */
export type ServerDialect = 'vllm' | 'llama.cpp' | 'fastchat' | 'openai';

export interface ModelServerOptions {
  readonly dialect?: ServerDialect;
  /** Names served; an alias answers with the id it stands for. */
  readonly models?: readonly (string | { readonly id: string; readonly aliases?: readonly string[] })[];
  /** Window in tokens; a request over it is refused the way the dialect does. No limit when absent. */
  readonly contextTokens?: number;
  /** `words` counts words, `chars` every four characters. */
  readonly counting?: 'words' | 'chars';
  /** Refuses requests without `Authorization: Bearer <key>`; the refusal quotes the key that was sent. */
  readonly apiKey?: string;
  /** Top-level body fields that are refused with 400 (422 in the vllm dialect). */
  readonly refuseFields?: readonly string[];
  /** Which `/tokenize` is served; default: the dialect's own, none for openai and fastchat. */
  readonly tokenize?: 'vllm' | 'llama.cpp' | 'none';
  /** The answer to requests for which nothing is queued. */
  readonly behaviour?: Behaviour | ((request: RecordedRequest) => Behaviour);
  /** Port; default: a free one. */
  readonly port?: number;
  /** Keeps requests for assertions (default true); a benchmark switches it off. */
  readonly record?: boolean;
  /** How long an idle connection is kept, ms. */
  readonly keepAliveMs?: number;
}
