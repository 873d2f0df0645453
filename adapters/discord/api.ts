import { API, InteractionsAPI, WebhooksAPI } from '@discordjs/core/http-only';
import type { REST } from '@discordjs/rest';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../../src/clock.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { createRest } from './rest.js';
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
