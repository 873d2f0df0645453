import { RapportError } from '../config/errors.js';

/** Says on stderr what went wrong and what to do; returns the exit code (2 for misuse, else 1). */
export function reportError(error: unknown): 1 | 2 {
  if (error instanceof RapportError) {
    process.stderr.write(`${error.code}: ${error.message}\n→ ${error.cure}\n`);
    return error.code === 'RAPPORT_E_USAGE' ? 2 : 1;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
