import { askForKey, currentKey, forgetKey } from '../state/key.js';
import { words } from '../state/words.js';
import type { CharacterCard, Problem, Session, SessionSummary } from './types.js';

/** A request that did not succeed; `status` 0 means that the server was not reached. */
export class ApiError extends Error implements Problem {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly cure: string,
  ) {
    super(message);
  }
  /** Whether the same request can succeed later without a change. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
  /** Whether the same request can succeed once something else has changed: not where the request itself or its place is at fault. */
  get mayPass(): boolean {
    return ![400, 404, 405, 410, 413, 415, 422].includes(this.status);
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface RequestOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly accept?: string;
}

/**
 * Sends a request to the page's own server and asks for the key where the server wants one.
 * @param path relative to the page, e.g. `api/hello`.
 * @throws ApiError for every answer but a success, and where the server cannot be reached.
 */
export async function send(method: Method, path: string, options: RequestOptions = {}): Promise<Response> {
  for (;;) {
    const response = await attempt(method, path, options);
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (response.status !== 401) {
      throw new ApiError(response.status, problem.code, problem.message, problem.cure);
    }
    forgetKey();
    await askForKey(problem);
  }
}

/** Like {@link send}, with the JSON body of the answer; `undefined` where there is none. */
export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const response = await send(method, path, {
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function attempt(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const file = options.body instanceof File ? options.body : null;
  const headers = new Headers({ accept: options.accept ?? 'application/json' });
  // For the helplines of where the person is.
  headers.set('x-time-zone', Intl.DateTimeFormat().resolvedOptions().timeZone ?? '');
  const key = currentKey();
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  if (method !== 'GET') {
    headers.set('x-rapport', '1');
    headers.set('content-type', file === null ? 'application/json' : 'application/octet-stream');
    if (file !== null) headers.set('x-file-name', encodeURIComponent(file.name));
  }
  try {
    return await fetch(path, {
      method,
      headers,
      cache: 'no-store',
      ...(method === 'GET' ? {} : { body: file ?? JSON.stringify(options.body ?? {}) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new ApiError(0, 'OFFLINE', '', '');
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const parsed = (await response.json()) as { error?: Partial<Problem> };
    return {
      code: parsed.error?.code ?? '',
      message: parsed.error?.message ?? '',
      cure: parsed.error?.cure ?? '',
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { code: `HTTP ${response.status}`, message: '', cure: '' };
    throw error;
  }
}

/** A session as the server sends it: its character may have left the bank, and then no model serves it. */
export type RawSession = Omit<Session, 'character' | 'model'> & {
  readonly character: CharacterCard | null;
  readonly model: Session['model'] | null;
};
export type RawSummary = Omit<SessionSummary, 'character'> & { readonly character: CharacterCard | null };

/** Stands for a character that is no longer in the bank, so that old conversations can still be read. */
function missing(): CharacterCard {
  const name = words().character.gone;
  return { id: '', name, shortName: name, kind: '', tags: [], helpsWith: '', avatar: '', greeting: '' };
}

export function completeSession({ session }: { readonly session: RawSession }): { session: Session } {
  const { character, model } = session;
  return {
    session: { ...session, character: character ?? missing(), model: model ?? { name: '', demo: false } },
  };
}

export function completeSummary(summary: RawSummary): SessionSummary {
  return { ...summary, character: summary.character ?? missing() };
}
