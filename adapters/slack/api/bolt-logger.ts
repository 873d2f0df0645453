import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from '../../../src/telemetry/logger.js';

/**
 * Rapport's log for Slack's libraries. Their debug and info lines hold the payloads of events, which are words of
 * people: those are never written. What they call an error they mostly recover from.
 */
export function boltLogger(logger: Logger): SlackLogger {
  const own = logger.child({ part: 'slack' });
  const line = (parts: readonly unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 500);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => own.debug({}, line(parts)),
    error: (...parts) => own.warn({}, line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
