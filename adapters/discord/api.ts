import { API, InteractionsAPI, WebhooksAPI } from '@discordjs/core/http-only';
import { DefaultRestOptions, REST, RESTEvents, type ResponseLike } from '@discordjs/rest';
import { reasonOf } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../../src/clock.js';
import { RateBucket } from '../../src/delivery/rate-bucket.js';
import type { Logger } from '../../src/telemetry/logger.js';

/** The share of what Discord grants that growing text may take; the rest is for what cannot wait. */
const growingShare = 0.72;
/** The share of what is granted in a second that may go out at once; the rest follows evenly. */
const burstShare = 0.2;
const secondMs = 1_000;
/** Who has not asked for so long does not wait any more, ms: text that was held back is asked for again after a second. */
const waitsForMs = 1_500;

/**
 * The requests that Discord counts together: evenly, so that no second has more than it grants wherever its seconds begin,
 * in the order they came. Where many conversations share the limit, text that is still growing is shown less often, in all of
 * them alike.
 */
export class RequestPace {
  readonly #clock: Clock;
  readonly #bucket: RateBucket;
  readonly #forGrowingText: number;
  /** When the requests of the last second went out. */
  readonly #made: number[] = [];
  /** When growing text was let through whose request has not come yet. */
  readonly #granted: number[] = [];
  /** Conversations whose text grows, those that asked last at the end: when they asked, and when they had their last turn. */
  readonly #growing = new Map<string, { readonly askedAt: number; readonly servedAt: number }>();
  #waiting = 0;

  /** @param perSecond requests that Discord grants in a second. */
  constructor(clock: Clock, perSecond: number) {
    const burst = Math.max(1, Math.floor(perSecond * burstShare));
    this.#clock = clock;
    this.#bucket = new RateBucket({ burst, refillMs: secondMs / (perSecond - burst) }, clock);
    this.#forGrowingText = Math.floor(perSecond * growingShare);
  }

  /** Resolves when a request may go out. @throws the signal's reason when aborted while waiting. */
  async turn(signal?: AbortSignal | null): Promise<void> {
    this.#forget();
    this.#granted.shift();
    this.#waiting += 1;
    try {
      await this.#bucket.take(signal ?? undefined);
      this.#made.push(this.#clock.elapsed());
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * Whether a conversation may make a request that could be left out; if so, it is counted on. Where not all can, those go
   * first whose last time is longest ago.
   */
  grant(conversation: string): boolean {
    this.#forget();
    const now = this.#clock.elapsed();
    const servedAt = this.#growing.get(conversation)?.servedAt ?? now;
    const room = this.#forGrowingText - this.#made.length - this.#waiting - this.#granted.length;
    const isGranted = room > 0 && this.#before(servedAt, room) < room;
    this.#growing.delete(conversation);
    // Who has waited since this very moment goes before who was served in it.
    this.#growing.set(conversation, { askedAt: now, servedAt: isGranted ? now + 1 : servedAt });
    if (isGranted) this.#granted.push(now);
    return isGranted;
  }

  /** How many wait for longer, counted up to `most`. */
  #before(servedAt: number, most: number): number {
    let count = 0;
    for (const other of this.#growing.values()) {
      if (other.servedAt < servedAt) count += 1;
      if (count >= most) break;
    }
    return count;
  }

  #forget(): void {
    const now = this.#clock.elapsed();
    for (const [conversation, { askedAt }] of this.#growing) {
      if (askedAt > now - waitsForMs) break;
      this.#growing.delete(conversation);
    }
    const oldest = now - secondMs;
    for (const times of [this.#made, this.#granted])
      while ((times[0] ?? Number.POSITIVE_INFINITY) <= oldest) times.shift();
  }
}

/** The API, and how much of each global limit is in use. */
export interface PacedApi {
  readonly api: API;
  readonly botPace: RequestPace;
  readonly webhookPace: RequestPace;
}

export interface ApiOptions {
  readonly token: string;
  /** Discord's API without the version. */
  readonly apiUrl: string;
  /** What Discord grants: with the bot's token, and by webhooks from one address. */
  readonly requestsPerSecond: Config['discord']['requestsPerSecond'];
  /** A message was created; called with its id before the caller is answered. */
  readonly onCreated: (messageId: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Discord's API with one REST client for each global limit, so that people who wait for an answer to a command do not wait
 * for the edits of others (topics/rate-limits: interactions are outside the global limit, webhooks have the address's own).
 */
export function createApi({ clock, requestsPerSecond, ...options }: ApiOptions): PacedApi {
  const { bot, webhooks } = requestsPerSecond;
  const botPace = new RequestPace(clock, bot);
  const webhookPace = new RequestPace(clock, webhooks);
  const api = new LimitedApi({
    bot: createRest({ ...options, turn: (signal) => botPace.turn(signal) }),
    webhooks: createRest({ ...options, turn: (signal) => webhookPace.turn(signal) }),
    interactions: createRest({ ...options, turn: async () => undefined }),
  });
  return { api, botPace, webhookPace };
}

class LimitedApi extends API {
  override readonly webhooks: WebhooksAPI;
  override readonly interactions: InteractionsAPI;

  constructor(clients: Readonly<Record<'bot' | 'webhooks' | 'interactions', REST>>) {
    super(clients.bot);
    this.webhooks = new WebhooksAPI(clients.webhooks);
    this.interactions = new InteractionsAPI(clients.interactions, new WebhooksAPI(clients.interactions));
  }
}

/** A wait longer than this is not sat out in the SDK's queue but reported, so that newer text can replace older, ms. */
const longestWaitMs = 3_000;
const callTimeoutMs = 10_000;
/** Longest wait for a turn under the limit of all requests, ms. */
const longestTurnMs = 20_000;
/** Discord bans an address after 10,000 refused requests in 10 minutes. */
const warnEveryRefused = 500;
/** Waits of a 429 that names none (a proxy's), s. */
const unnamedWaitS = 5;

export interface RestOptions {
  readonly token: string;
  /** Discord's API without the version. */
  readonly apiUrl: string;
  /** A message was created; called with its id before the caller is answered. */
  readonly onCreated: (messageId: string) => void;
  /** Resolves when a request may go out: the limit of all requests together is kept there. */
  readonly turn: (signal: AbortSignal | null | undefined) => Promise<void>;
  readonly logger: Logger;
}

/**
 * discord.js's REST client without its retries: the core decides what may be sent again. Rate limits of routes are kept by the
 * SDK's buckets; what would wait long is rejected with a RateLimitError. Its own count of all requests lets twice as many
 * through around the turn of a second: `turn` counts instead.
 */
function createRest(options: RestOptions): REST {
  const { token, apiUrl, onCreated, turn, logger } = options;
  const refused = new RefusedToken(apiUrl, token, logger);
  const rest = new SteadyRest({
    version: '10',
    api: apiUrl.replace(/\/+$/, ''),
    retries: 0,
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    timeout: longestTurnMs + callTimeoutMs,
    invalidRequestWarningInterval: warnEveryRefused,
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > longestWaitMs,
    makeRequest: async (url, init) => {
      await turn(init.signal);
      const response = await DefaultRestOptions.makeRequest(url, {
        ...init,
        signal: callSignal(init.signal),
      });
      // That of a webhook is about the webhook's token.
      if (response.status === 401 && !/\/webhooks\/\d+\/[^/?]/.test(url)) refused.noticed();
      const noted = isCreation(url, init.method) ? withId(response, onCreated) : response;
      return response.status === 429 ? withWait(noted) : noted;
    },
  });
  rest.on(RESTEvents.InvalidRequestWarning, ({ count, remainingTime }) =>
    logger.warn(
      { count, remainingMs: remainingTime },
      'Discord has refused many requests; at 10,000 in 10 minutes it bans the address. Check the permissions of the bot',
    ),
  );
  rest.on(RESTEvents.RateLimited, ({ route, retryAfter, global, scope }) =>
    logger.debug({ route, retryAfter, global, scope }, 'rate limit of Discord'),
  );
  return rest.setToken(token);
}

/**
 * The SDK drops its token after any 401, and every later request fails before it is sent. One such answer may pass, like any
 * other failure of a server: the token stays.
 */
class SteadyRest extends REST {
  override setToken(token: string | null): this {
    return token ? super.setToken(token) : this;
  }
}

/** A token is asked about again after so long at the earliest, ms. */
const identityEveryMs = 60_000;

/** Tells the operator of a 401, and whether Discord still knows who the token belongs to. */
class RefusedToken {
  readonly #ask: () => Promise<Response>;
  readonly #logger: Logger;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(apiUrl: string, token: string, logger: Logger) {
    this.#ask = () =>
      fetch(`${apiUrl.replace(/\/+$/, '')}/v10/users/@me`, {
        headers: { authorization: `Bot ${token}` },
        signal: AbortSignal.timeout(callTimeoutMs),
      });
    this.#logger = logger;
  }

  noticed(): void {
    const now = performance.now();
    if (now - this.#askedAt < identityEveryMs) return;
    this.#askedAt = now;
    this.#ask().then(
      ({ ok, status }) => {
        if (ok)
          this.#logger.warn(
            {},
            'Discord refused the token once (401) but still knows it: what was refused is tried again',
          );
        else if (status === 401)
          this.#logger.error(
            {},
            'Discord refuses the token (401): nobody is answered. Reset it in the developer portal and set DISCORD_TOKEN',
          );
        else
          this.#logger.warn(
            { status },
            'Discord refused the token once (401) and did not say whether it still knows it',
          );
      },
      (error: unknown) =>
        this.#logger.warn(
          { reason: reasonOf(error) },
          'Discord refused the token once (401) and could not be asked about it',
        ),
    );
  }
}

/** Message creations answer with the message: in a channel, by a webhook (also follow-ups of interactions). */
const creation = /\/channels\/\d+\/messages(?:\?|$)|\/webhooks\/\d+\/[^/?]+(?:\?|$)/;

function isCreation(url: string, method: string | undefined): boolean {
  return method === 'POST' && creation.test(url);
}

function withId(response: ResponseLike, onCreated: (messageId: string) => void): ResponseLike {
  return wrap(response, {
    json: async () => {
      const body: unknown = await response.json();
      if (
        response.ok &&
        typeof body === 'object' &&
        body !== null &&
        'id' in body &&
        typeof body.id === 'string'
      )
        onCreated(body.id);
      return body;
    },
  });
}

/** Ends a call that takes too long once it has its turn. */
function callSignal(outer: AbortSignal | null | undefined): AbortSignal {
  const own = AbortSignal.timeout(callTimeoutMs);
  return outer ? AbortSignal.any([outer, own]) : own;
}

/** Without a wait the SDK would ask again at once, for ever. */
function withWait(response: ResponseLike): ResponseLike {
  if (response.headers.has('retry-after')) return response;
  const headers = new Headers([...response.headers]);
  headers.set('retry-after', String(unnamedWaitS));
  return wrap(response, { headers });
}

function wrap(response: ResponseLike, other: Partial<ResponseLike>): ResponseLike {
  return {
    body: response.body,
    headers: response.headers,
    ok: response.ok,
    status: response.status,
    statusText: response.statusText,
    get bodyUsed() {
      return response.bodyUsed;
    },
    arrayBuffer: () => response.arrayBuffer(),
    json: () => response.json(),
    text: () => response.text(),
    ...other,
  };
}
