import { ApiError } from './api-error.js';
import type { Block, Json } from './cloud.js';

const structured = new Set([
  'attachments',
  'blocks',
  'chunks',
  'files',
  'loading_messages',
  'metadata',
  'prompts',
  'view',
]);

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBlock(value: unknown): value is Block {
  return isJson(value) && typeof value.type === 'string';
}

/** The arguments of a call, whether they came as a form or as JSON. */
export class Arguments {
  readonly raw: Json;

  private constructor(raw: Json) {
    this.raw = raw;
  }

  /** @throws ApiError `invalid_json`, `invalid_form_data`. */
  static parse(contentType: string, body: string, query: URLSearchParams): Arguments {
    const raw: Json = Object.fromEntries(query);
    if (contentType.startsWith('application/json')) {
      if (body !== '') {
        const parsed = parseJson(body);
        if (!isJson(parsed)) throw new ApiError('json_not_object');
        Object.assign(raw, parsed);
      }
      return new Arguments(raw);
    }
    for (const [key, value] of new URLSearchParams(body))
      raw[key] = structured.has(key) ? loose(value) : value;
    return new Arguments(raw);
  }

  text(name: string): string | null {
    const value = this.raw[name];
    if (value === undefined || value === null || value === '') return null;
    return typeof value === 'string' ? value : String(value);
  }

  /** @throws ApiError `invalid_arguments` when it is missing. */
  need(name: string, error = 'invalid_arguments'): string {
    const value = this.text(name);
    if (value === null) {
      throw new ApiError(error, {
        response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
      });
    }
    return value;
  }

  flag(name: string): boolean {
    const value = this.raw[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  number(name: string, otherwise: number): number {
    const value = Number(this.text(name) ?? otherwise);
    return Number.isFinite(value) ? value : otherwise;
  }

  object(name: string, error: string): Json | null {
    const value = this.raw[name];
    if (value === undefined || value === null || value === '') return null;
    if (!isJson(value)) throw new ApiError(error);
    return value;
  }

  objects(name: string, error: string): Json[] | null {
    const value = this.raw[name];
    if (value === undefined || value === null || value === '') return null;
    if (!Array.isArray(value) || !value.every(isJson)) throw new ApiError(error);
    return value;
  }

  blocks(): Block[] | null {
    const value = this.objects('blocks', 'invalid_blocks_format');
    if (value && !value.every(isBlock)) throw new ApiError('invalid_blocks');
    return value ? value.filter(isBlock) : null;
  }

  strings(name: string): string[] {
    const value = this.raw[name];
    if (Array.isArray(value)) return value.map(String);
    return typeof value === 'string' && value !== '' ? value.split(',') : [];
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new ApiError('invalid_json');
    throw thrown;
  }
}

/** A complex argument of a form, which holds JSON; what is not JSON stays a string and is refused by who reads it. */
function loose(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return value;
    throw thrown;
  }
}
