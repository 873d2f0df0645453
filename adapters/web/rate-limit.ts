import type { Context, MiddlewareHandler } from 'hono';
import { RapportError } from '../../config/errors.js';
import type { ClientAddress } from './client-address.js';

interface Bucket {
  tokens: number;
  at: number;
}

/** Clients that are remembered at once. */
const maxClients = 10_000;

/** So much a minute for each client, refilled evenly. */
class Buckets {
  readonly #perMinute: number;
  readonly #elapsed: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, elapsed: () => number) {
    this.#perMinute = perMinute;
    this.#elapsed = elapsed;
  }

  /** Null where there is something left, which `take` uses up. */
  look(client: string, take: boolean): RapportError | null {
    const now = this.#elapsed();
    const limit = this.#perMinute;
    if (this.#buckets.size > maxClients) this.#forgetFull(now);
    const bucket = this.#buckets.get(client) ?? { tokens: limit, at: now };
    bucket.tokens = this.#filled(bucket, now);
    bucket.at = now;
    if (bucket.tokens < 1)
      return new RapportError('RAPPORT_E_RATE_LIMITED', {
        limit,
        seconds: Math.ceil(((1 - bucket.tokens) * 60) / limit),
      });
    if (take) bucket.tokens -= 1;
    this.#buckets.set(client, bucket);
    return null;
  }

  #filled({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#perMinute, tokens + ((now - at) * this.#perMinute) / 60_000);
  }

  /** Drops the buckets that have filled up again; the rest too where an attacker keeps too many of them busy. */
  #forgetFull(now: number): void {
    for (const [client, bucket] of this.#buckets)
      if (this.#filled(bucket, now) >= this.#perMinute) this.#buckets.delete(client);
    if (this.#buckets.size > maxClients) this.#buckets.clear();
  }
}

export interface RateLimitOptions {
  readonly perMinute: number;
  readonly elapsed: () => number;
  readonly client: ClientAddress;
}

/** Where people's words come in: over the limit they are read all the same, for somebody may be in danger. */
const wordsCome = /^\/api\/match$|^\/api\/sessions\/[^/]+\/messages$|^\/v1\/(?:chat\/completions|responses)$/;
/** So many requests of one client are read at once while it is over its limit. */
const maxRead = 4;
const overRateKey = 'overRate';

/**
 * At most `perMinute` writing requests from one client. One that brings a person's words goes on with what {@link overRate}
 * says; everything else is refused.
 */
export function rateLimit({ perMinute, elapsed, client }: RateLimitOptions): MiddlewareHandler {
  const buckets = new Buckets(perMinute, elapsed);
  const reading = new Map<string, number>();
  return async (context, next) => {
    const { method, path } = context.req;
    if (method === 'GET' || method === 'HEAD') return next();
    const address = client(context);
    const over = buckets.look(address, true);
    if (!over) return next();
    const already = reading.get(address) ?? 0;
    if (!wordsCome.test(path) || already >= maxRead) throw over;
    context.set(overRateKey, over);
    reading.set(address, already + 1);
    try {
      await next();
    } finally {
      const left = (reading.get(address) ?? 1) - 1;
      if (left > 0) reading.set(address, left);
      else reading.delete(address);
    }
  };
}

/** Why a request is refused unless its writer is in danger; undefined where its client is within its limit. */
export function overRate(context: Context): RapportError | undefined {
  const over: unknown = context.get(overRateKey);
  return over instanceof RapportError ? over : undefined;
}

/** Wrong keys that one client may try in a minute. */
const wrongKeysPerMinute = 20;

/** Slows down who guesses keys: after some wrong ones no key of the same client is looked at for a while. */
export class KeyGuesses {
  readonly #buckets: Buckets;
  readonly #client: ClientAddress;

  constructor({ elapsed, client }: Omit<RateLimitOptions, 'perMinute'>) {
    this.#buckets = new Buckets(wrongKeysPerMinute, elapsed);
    this.#client = client;
  }

  /** @throws RapportError RAPPORT_E_RATE_LIMITED */
  before(context: Context): void {
    const over = this.#buckets.look(this.#client(context), false);
    if (over) throw over;
  }

  wrong(context: Context): void {
    this.#buckets.look(this.#client(context), true);
  }
}
