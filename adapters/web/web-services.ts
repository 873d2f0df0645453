import type { Locale } from '../../config/locale.js';
import type { CommandServices } from '../../src/commands/command-services.js';

/** What everything served over HTTP works with: page, JSON API, OpenAI-compatible API. */
export interface WebServices extends CommandServices {
  readonly version: string;
  /** Asked for on every request where set. */
  readonly apiKey: string | null;
  readonly locale: Locale;
  /** Whether the process can take work: store reachable, not shutting down. */
  readonly ready: () => Promise<boolean>;
}
