import { RapportError } from '../config/errors.js';
import { resolvePath } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { AnswerBank } from '../inference/embedded/answer-bank.js';
import type { Meaning } from '../src/memory/meaning.js';
import type { Logger } from '../src/telemetry/logger.js';

/** The bank of answers; null where it is off, or cannot be used (said in the log). */
export function openAnswers(
  { model: { embedded }, scorers }: Config,
  meaning: Meaning | null,
  logger: Logger,
): AnswerBank | null {
  if (meaning === null || embedded.answers === 'off') return null;
  try {
    return new AnswerBank(resolvePath(embedded.answers), resolvePath(scorers.meaning), meaning);
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    logger.warn(
      { code: error.code, cure: error.cure },
      `${error.message} The embedded voice answers without the bank.`,
    );
    return null;
  }
}
