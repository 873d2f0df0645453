import type { Gateway } from '../gateway/gateway.js';
import type { DiscordOptions } from '../options.js';
import type { World } from '../world/world.js';
import type { RateLimitName } from './rate-limits.js';

export interface UploadedFile {
  /** The form's field, `files[0]`. */
  readonly field: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A request whose route and right to be heard are settled. */
export interface Call {
  readonly world: World;
  readonly gateway: Gateway;
  readonly options: DiscordOptions;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  /** It carries the bot's token. */
  readonly asBot: boolean;
}

/** No body is 204. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for what varies. */
  readonly path: string;
  /** Which bucket of the rate limit; none for what is never limited. */
  readonly limit?: RateLimitName;
  /** `bot` needs the bot's token; `path` has its secret in the path. */
  readonly auth: 'bot' | 'path';
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };

/** A path's value. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}
