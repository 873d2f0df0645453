import type { Json } from './cloud.js';

/** A method's `{ok: false, error}`. */
export class ApiError extends Error {
  readonly code: string;
  /** Further fields of the answer. */
  readonly fields: Json;

  constructor(code: string, fields: Json = {}) {
    super(code);
    this.code = code;
    this.fields = fields;
  }
}
