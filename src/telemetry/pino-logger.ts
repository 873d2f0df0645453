import { type DestinationStream, pino } from 'pino';
import { redact, type Secrets } from '../../config/secrets.js';
import type { Logger } from './logger.js';

/** A pino logger on stderr (stdout belongs to a command's output) that never writes a secret. */
export function createLogger(level: string, secrets: Secrets): Logger {
  const destination: DestinationStream = {
    write: (line) => {
      process.stderr.write(redact(line, secrets));
    },
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
