import { RapportError, reasonOf } from '../../config/errors.js';

/** The state of one part. `off`: not used as configured. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'off';
  readonly detail: string;
  /** What to do about it, or how to get it. */
  readonly cure?: string;
}

/** A part that threw. */
export function failedCheck(name: string, error: unknown, state: 'failed' | 'warning' = 'failed'): Check {
  return error instanceof RapportError
    ? { name, state, detail: `${error.code}: ${error.message}`, cure: error.cure }
    : { name, state, detail: reasonOf(error) };
}
