import type { Clock } from '../../src/clock.js';
import type { TokenCounter } from '../../src/prompting/chat-model.js';
import { RecentMap } from '../../src/recent-map.js';
import { endpointFailure } from './endpoint-failure.js';
import type { ServerClient } from './server-client.js';

/** vLLM counts a `prompt`, llama.cpp a `content`; both at `/tokenize` beside `/v1`. */
type Dialect = 'vllm' | 'llama.cpp';
const dialects: readonly Dialect[] = ['vllm', 'llama.cpp'];

/** Longest wait for a count, ms: a turn is not held up for it. */
const timeoutMs = 1_000;
/** How long the estimate serves after the server failed to answer, ms. */
const pauseMs = 10_000;
const cachedTexts = 1_024;

/**
 * Counts tokens by asking the model server, and by the fallback where the server has no `/tokenize` or does not answer.
 * Which dialect it speaks is found out once. Special tokens are not counted. Never throws.
 */
export class ServerTokenCounter implements TokenCounter {
  readonly remote = true;
  readonly #client: () => ServerClient | undefined;
  readonly #model: string | undefined;
  readonly #fallback: TokenCounter;
  readonly #clock: Clock;
  readonly #cache = new RecentMap<string, number>(cachedTexts);
  readonly #asked = new Map<string, Promise<number>>();
  /** null: not known yet; `none`: the server has no such route. */
  #dialect: Dialect | 'none' | null = null;
  #pausedUntil = 0;

  /** @param settings `model` names the model (or LoRA) whose tokenizer counts; vLLM takes its own when absent. */
  constructor(settings: {
    readonly client: () => ServerClient | undefined;
    readonly model?: string | undefined;
    readonly fallback: TokenCounter;
    readonly clock: Clock;
  }) {
    this.#client = settings.client;
    this.#model = settings.model;
    this.#fallback = settings.fallback;
    this.#clock = settings.clock;
  }

  /** Whether the server has been found to count and still does. */
  get exact(): boolean {
    return this.#dialect !== null && this.#dialect !== 'none' && !this.#paused;
  }

  async count(text: string): Promise<number> {
    if (text === '') return 0;
    const cached = this.#cache.get(text);
    if (cached !== undefined) return cached;
    const asked = this.#asked.get(text) ?? this.#ask(text);
    this.#asked.set(text, asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(text);
    }
  }

  get #paused(): boolean {
    return this.#clock.now() < this.#pausedUntil;
  }

  async #ask(text: string): Promise<number> {
    const client = this.#client();
    if (client === undefined || this.#dialect === 'none' || this.#paused) return this.#fallback.count(text);
    for (const dialect of this.#dialect === null ? dialects : [this.#dialect]) {
      const count = await this.#try(client, dialect, text);
      if (count === null) continue;
      this.#dialect = dialect;
      this.#cache.set(text, count);
      return count;
    }
    // Neither dialect, and no trouble on the way: there is no such route.
    if (this.#dialect === null && !this.#paused) this.#dialect = 'none';
    return this.#fallback.count(text);
  }

  /** The count, or null when the server does not speak this dialect or is in trouble (which starts a pause). */
  async #try(client: ServerClient, dialect: Dialect, text: string): Promise<number | null> {
    if (this.#paused) return null;
    const body =
      dialect === 'vllm'
        ? { model: this.#model, prompt: text, add_special_tokens: false }
        : { content: text, add_special: false };
    try {
      const answer = await client.postBesideV1('/tokenize', body, timeoutMs);
      return dialect === 'vllm' ? vllmCount(answer) : llamaCount(answer, this.#dialect === dialect);
    } catch (thrown) {
      if (endpointFailure(thrown, client.apiKey).movesOn) this.#pausedUntil = this.#clock.now() + pauseMs;
      return null;
    }
  }
}

/** vLLM answers `{count, max_model_len, tokens}`. */
function vllmCount(answer: unknown): number | null {
  if (typeof answer !== 'object' || answer === null || !('count' in answer)) return null;
  return typeof answer.count === 'number' ? answer.count : null;
}

/** llama.cpp answers `{tokens}`; no tokens at all are believed only of a server that is known to speak so. */
function llamaCount(answer: unknown, known: boolean): number | null {
  if (typeof answer !== 'object' || answer === null || !('tokens' in answer)) return null;
  const { tokens } = answer;
  return Array.isArray(tokens) && (known || tokens.length > 0) ? tokens.length : null;
}
