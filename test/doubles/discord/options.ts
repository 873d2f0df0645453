import type { Clock } from '../../../src/clock.js';
import type { RateLimitTable } from './rest/rate-limits.js';

/** How a double of Discord is to behave. Everything has a default that is as strict as Discord. */
export interface DiscordOptions {
  /** Time of tokens, rate limits and ids; a {@link DoubleClock} by default. */
  readonly clock?: Clock;
  readonly port?: number;
  readonly token?: string;
  readonly applicationId?: string;
  readonly applicationName?: string;
  readonly botPublic?: boolean;
  /** Privileged intents switched on in the "developer portal"; none by default. */
  readonly privilegedIntents?: readonly ('members' | 'presences' | 'content')[];
  /** How the app can be installed: 0 in guilds, 1 by people for themselves. Both by default. */
  readonly integrationTypes?: readonly (0 | 1)[];
  /** What HELLO asks for, ms. Discord's own is 41,250. */
  readonly heartbeatIntervalMs?: number;
  /** How long a lost session can be resumed, ms of the clock. */
  readonly resumeWindowMs?: number;
  /** What `GET /gateway/bot` recommends. */
  readonly shards?: number;
  readonly maxConcurrency?: number;
  /** IDENTIFYs that are left today. */
  readonly sessionStarts?: number;
  /** Refuse a second IDENTIFY of a key within 5 s, as Discord does. Off, so that tests may log in often. */
  readonly enforceIdentifyRate?: boolean;
  /** False: no limits and no headers; else replaces rows of the default table. */
  readonly rateLimits?: false | Partial<RateLimitTable>;
  /** Keep a log of the requests (default true). */
  readonly record?: boolean;
}
