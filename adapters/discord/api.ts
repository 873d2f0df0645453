import { API, InteractionsAPI, WebhooksAPI } from '@discordjs/core/http-only';
import { DefaultRestOptions, REST, RESTEvents, type ResponseLike } from '@discordjs/rest';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../../src/clock.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { RequestPace } from './send/request-pace.js';

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
  const rest = new REST({
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
