import type {
  ChatModel,
  ModelDelta,
  ModelRequest,
  RankHints,
  TokenCounter,
} from '../../src/prompting/chat-model.js';

/** What the model does when asked: its text in pieces; it may wait or throw between them. */
export type Script = (request: ModelRequest, signal: AbortSignal) => AsyncIterable<string>;

/** A model that says these pieces. */
export const says = (...pieces: readonly string[]): Script =>
  async function* () {
    yield* pieces;
  };

/** A model that says `before`, then waits for `gate` (or an abort), then says `after`. */
export const waits = (before: string, gate: Promise<unknown>, after = ''): Script =>
  async function* (_request, signal) {
    if (before !== '') yield before;
    await unlessAborted(gate, signal);
    if (after !== '') yield after;
  };

/** A model that says these pieces and then fails. */
export const fails = (error: Error, ...pieces: readonly string[]): Script =>
  async function* () {
    yield* pieces;
    throw error;
  };

function unlessAborted(gate: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([gate, aborted]);
}

/** A model in memory: scripts in order, then a default; it remembers what it was asked. */
export class ScriptedModel implements ChatModel {
  readonly requests: ModelRequest[] = [];
  /** What the last candidates were to be judged by. */
  hints: RankHints | null = null;
  /** How often the caller ended a stream before the script had. */
  aborted = 0;
  usual: Script = says('I hear you. ', 'Tell me more.');
  readonly tokens: TokenCounter = { exact: true, count: async (text) => Math.ceil(text.length / 4) };
  readonly #queue: Script[] = [];
  readonly #waiting = new Set<() => void>();

  next(...scripts: readonly Script[]): void {
    this.#queue.push(...scripts);
  }

  /** Resolves once the model has been asked `n` times. */
  async asked(n: number): Promise<void> {
    while (this.requests.length < n) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async *stream(
    request: ModelRequest,
    { signal, rank }: { readonly signal: AbortSignal; readonly rank?: RankHints },
  ): AsyncGenerator<ModelDelta> {
    this.requests.push(request);
    this.hints = rank ?? null;
    const script = this.#queue.shift() ?? this.usual;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    let whole = false;
    try {
      for await (const text of script(request, signal)) {
        signal.throwIfAborted();
        yield { type: 'text', text };
      }
      whole = true;
      yield { type: 'done', finishReason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } };
    } finally {
      if (!whole) this.aborted += 1;
    }
  }

  /** The last request as text. */
  get prompt(): string {
    return this.prompts.at(-1) ?? '';
  }

  /** All requests as texts. */
  get prompts(): string[] {
    return this.requests.map((request) =>
      request.endpoint === 'completions'
        ? String(request.body.prompt)
        : request.body.messages.map(({ role, content }) => `${role}: ${content}`).join('\n'),
    );
  }
}
