import type { LoadedConfig } from '../config/load.js';
import type { Logger } from '../src/telemetry/logger.js';
import { createLogger } from '../src/telemetry/pino-logger.js';

/** For commands whose screen belongs to a person: errors only, unless LOG_LEVEL asks for more. */
export function quietLogger({ config, secrets, sources }: LoadedConfig): Logger {
  return createLogger(sources.includes('$LOG_LEVEL') ? config.log.level : 'silent', secrets);
}
