import type { ErrorCode, RapportError } from '../../config/errors.js';
import type { Say } from '../../config/locale.js';

const keys: Partial<Record<ErrorCode, string>> = {
  RAPPORT_E_MODEL_UNAVAILABLE: 'delivery.unavailable',
  RAPPORT_E_MODEL_REFUSED: 'delivery.unavailable',
  RAPPORT_E_MODEL_FILE: 'delivery.unavailable',
  RAPPORT_E_MODEL_TIMEOUT: 'delivery.slow',
  RAPPORT_E_CONTEXT_OVERFLOW: 'delivery.tooLong',
  RAPPORT_E_MODEL_EMPTY: 'delivery.empty',
};

/** What a person is told when no reply could be made: what happened and what they can do, without technical words. */
export function failureWords(error: RapportError, say: Say): string {
  return say(keys[error.code] ?? 'delivery.failed');
}
