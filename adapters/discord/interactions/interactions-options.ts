import type { API } from '@discordjs/core/http-only';
import type { Clock } from '../../../src/clock.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { InboundHandler, PlatformAdapter } from '../../../src/delivery/adapter.js';
import type { Logger } from '../../../src/telemetry/logger.js';

export interface InteractionsConfig {
  /** Guilds the commands are registered in (at once, for trying things out); none: everywhere (global commands). */
  readonly commandGuilds: readonly string[];
}

export interface InteractionsOptions {
  readonly api: API;
  readonly services: CommandServices;
  /** Hands a message to the core. */
  readonly receive: InboundHandler;
  /** Posts in a channel under a character's name and face: the adapter's own. */
  readonly post: PlatformAdapter['post'];
  readonly config: InteractionsConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly applicationId: string;
}
