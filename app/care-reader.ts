import { RapportError } from '../config/errors.js';
import { resolvePath } from '../config/paths.js';
import type { Config } from '../config/schema.js';
import { CareReader } from '../inference/reader/care-reader.js';
import type { Logger } from '../src/telemetry/logger.js';

/** The trained reader of the care judge, loading in its thread; null where it is off or cannot be used (said in the log). */
export function openCareReader({ scorers }: Config, logger: Logger): CareReader | null {
  const { reader, careReader } = scorers;
  if (reader === 'off' || careReader === 'off') return null;
  const refuse = (error: unknown): void => {
    if (!(error instanceof RapportError)) throw error;
    logger.warn(
      { code: error.code, cure: error.cure },
      `${error.message} Danger is noticed by explicit rules alone.`,
    );
  };
  try {
    const opened = new CareReader({ reader: resolvePath(reader), care: resolvePath(careReader) });
    opened.warm().catch(refuse);
    return opened;
  } catch (error) {
    refuse(error);
    return null;
  }
}
