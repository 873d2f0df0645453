import type { CharacterBank } from '../../characters/bank.js';
import type { Locale } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { Care } from '../../src/care/care.js';
import type { Clock, Random } from '../../src/clock.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import type { ModelRouter } from '../../src/prompting/chat-model.js';
import type { SessionEvents } from '../../src/session/session-events.js';
import type { SessionManager } from '../../src/session/session-manager.js';
import type { Store } from '../../src/state/store.js';
import type { SteeringTable } from '../../src/steering/steering-table.js';
import type { Logger } from '../../src/telemetry/logger.js';
import type { Metrics } from '../../src/telemetry/metrics.js';

/** What the HTTP faces (page, JSON API, OpenAI-compatible API) work with. */
export interface WebServices {
  readonly version: string;
  readonly config: Config;
  /** Asked for on every request where set. */
  readonly apiKey: string | null;
  readonly store: Store;
  readonly sessions: SessionManager;
  readonly events: SessionEvents;
  readonly bank: CharacterBank;
  readonly scorer: PersonaScorer;
  readonly router: ModelRouter;
  readonly steering: SteeringTable;
  readonly care: Care;
  readonly locale: Locale;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Whether the process can take work: store reachable, not shutting down. */
  readonly ready: () => Promise<boolean>;
}
