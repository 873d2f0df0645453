import { readFileSync } from 'node:fs';
import { RapportError, reasonOf } from '../config/errors.js';

/**
 * The unchecked content of a session file.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE; RAPPORT_E_INPUT_INVALID where it is not JSON.
 */
export function readSessionJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new RapportError(
      'RAPPORT_E_INPUT_INVALID',
      { problems: `${file} is not JSON: ${reasonOf(error)}` },
      error,
    );
  }
}
