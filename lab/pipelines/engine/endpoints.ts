import { setTimeout as sleep } from 'node:timers/promises';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import OpenAI, { APIConnectionError, APIError } from 'openai';
import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { type AskOptions, ItemFailure, type Message } from './stage.js';

export const endpointSchema = z.strictObject({
  baseUrl: z.url(),
  model: z.string().min(1),
  /** Name of the environment variable with the key; keys themselves stay out of files. */
  keyEnv: z.string().optional(),
  /** Requests at once. */
  concurrency: z.int().min(1).max(1024).default(4),
  /** Requests a minute. */
  perMinute: z.int().min(1).optional(),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** One answer with what it cost in tokens; `text` null where it was cut off or empty. */
export interface Answer {
  readonly text: string | null;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** What a stage asks; tests and other ways to run put their own here. */
export interface Asked {
  answer(messages: readonly Message[], options: AskOptions & { readonly seed: number }): Promise<Answer>;
}

interface Lane {
  readonly endpoint: Endpoint;
  readonly client: OpenAI;
  busy: number;
  /** Milliseconds: no request before this. */
  freeAt: number;
}

export interface PoolOptions {
  readonly attempts?: number;
  /** Milliseconds before the second attempt, about; it doubles, with jitter. */
  readonly firstPauseMs?: number;
  readonly timeoutMs?: number;
}

/** Longest pause a server may ask for. */
const longestPauseMs = 120_000;

/** Several endpoints or keys, each with its limits. A request goes to the least busy; a failed one may go to another. */
export class EndpointPool implements Asked {
  readonly #lanes: Lane[];
  readonly #waiting: (() => void)[] = [];
  readonly #attempts: number;
  readonly #firstPauseMs: number;

  constructor(
    endpoints: readonly Endpoint[],
    { attempts = 6, firstPauseMs = 500, timeoutMs = 300_000 }: PoolOptions = {},
  ) {
    this.#attempts = attempts;
    this.#firstPauseMs = firstPauseMs;
    this.#lanes = endpoints.map((endpoint) => ({
      endpoint,
      client: new OpenAI({
        baseURL: endpoint.baseUrl,
        apiKey: (endpoint.keyEnv === undefined ? undefined : process.env[endpoint.keyEnv]) || 'none',
        maxRetries: 0,
        timeout: timeoutMs,
      }),
      busy: 0,
      freeAt: 0,
    }));
  }

  /** Requests that may run at once. */
  get width(): number {
    return this.#lanes.reduce((sum, { endpoint }) => sum + endpoint.concurrency, 0);
  }

  /** @throws RapportError RAPPORT_E_MODEL_UNAVAILABLE, RAPPORT_E_MODEL_REFUSED (key or model); ItemFailure when the request is refused, or no attempt brought an answer */
  async answer(
    messages: readonly Message[],
    options: AskOptions & { readonly seed: number },
  ): Promise<Answer> {
    const policy = retry(handleWhen(canHelpAgain), {
      maxAttempts: this.#attempts - 1,
      backoff: new ExponentialBackoff({ initialDelay: this.#firstPauseMs, maxDelay: 30_000 }),
    });
    try {
      return await policy.execute(() => this.#once(messages, options));
    } catch (thrown) {
      if (thrown instanceof APIConnectionError)
        throw new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', {
          route: 'pipeline',
          reason: thrown.message,
        });
      if (thrown instanceof APIError && [401, 403, 404].includes(thrown.status ?? 0))
        throw new RapportError('RAPPORT_E_MODEL_REFUSED', {
          status: thrown.status ?? 0,
          reason: 'see what the endpoint says of the key and the model',
        });
      if (thrown instanceof APIError)
        throw new ItemFailure(`the model server gave no answer (${thrown.status ?? thrown.name})`);
      throw thrown;
    }
  }

  async #once(
    messages: readonly Message[],
    { maxTokens, temperature = 1, seed }: AskOptions & { readonly seed: number },
  ): Promise<Answer> {
    const lane = await this.#lane();
    try {
      const pause = lane.freeAt - Date.now();
      lane.freeAt = Math.max(lane.freeAt, Date.now()) + 60_000 / (lane.endpoint.perMinute ?? Infinity);
      if (pause > 0) await sleep(pause);
      const { choices, usage } = await lane.client.chat.completions.create({
        model: lane.endpoint.model,
        messages: [...messages],
        max_tokens: maxTokens,
        temperature,
        seed,
      });
      const text = choices[0]?.message.content?.trim() ?? '';
      return {
        text: text === '' || choices[0]?.finish_reason === 'length' ? null : text,
        tokensIn: usage?.prompt_tokens ?? Math.ceil(messages.reduce((n, m) => n + m.content.length, 0) / 4),
        tokensOut: usage?.completion_tokens ?? Math.ceil(text.length / 4),
      };
    } catch (thrown) {
      const seconds = thrown instanceof APIError ? Number(thrown.headers?.get('retry-after')) : Number.NaN;
      if (seconds > 0)
        lane.freeAt = Math.max(lane.freeAt, Date.now() + Math.min(seconds * 1000, longestPauseMs));
      throw thrown;
    } finally {
      lane.busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #lane(): Promise<Lane> {
    for (;;) {
      const free = this.#lanes
        .filter(({ busy, endpoint }) => busy < endpoint.concurrency)
        .sort(
          (a, b) =>
            Math.max(0, a.freeAt - Date.now()) - Math.max(0, b.freeAt - Date.now()) ||
            a.busy / a.endpoint.concurrency - b.busy / b.endpoint.concurrency,
        )[0];
      if (free) {
        free.busy += 1;
        return free;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

function canHelpAgain(thrown: Error): boolean {
  if (thrown instanceof APIConnectionError) return true;
  if (!(thrown instanceof APIError)) return thrown instanceof SyntaxError;
  return thrown.status === undefined || [408, 409, 425, 429].includes(thrown.status) || thrown.status >= 500;
}
