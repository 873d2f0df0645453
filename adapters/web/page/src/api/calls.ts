import type { Words } from '../state/words.js';
import { call, completeSession, completeSummary, type RawSession, type RawSummary, send } from './request.js';
import type * as T from './types.js';

const of = (id: string): string => `api/sessions/${encodeURIComponent(id)}`;
const entryOf = (id: string, entry: string): string => `${of(id)}/entries/${encodeURIComponent(entry)}`;

/** What the gallery asks for; `limit` and `offset` count characters. */
export interface CharacterQuery {
  readonly q?: string;
  readonly tag?: string;
  readonly mbti?: string;
  readonly limit?: number;
  readonly offset?: number;
}

function queryOf(query: object): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** The server's JSON API, one function a route. Every function throws ApiError. */
export const api = {
  hello: () => call<T.Hello>('GET', 'api/hello'),
  words: () => call<Words>('GET', 'api/words'),
  goals: () => call<T.Goal[]>('GET', 'api/goals'),
  match: (persona: T.Persona) =>
    call<{
      matches: T.Match[];
      /** Where there is help, for somebody who is in danger by what they wrote. */
      notice?: string;
    }>('POST', 'api/match', { persona }),
  safety: () => call<T.Safety>('GET', 'api/safety'),
  countries: () => call<T.Country[]>('GET', 'api/countries'),

  characters: (query: CharacterQuery, signal?: AbortSignal) =>
    call<T.CharacterPage>('GET', `api/characters${queryOf(query)}`, undefined, signal),
  character: (id: string) => call<T.CharacterDetail>('GET', `api/characters/${encodeURIComponent(id)}`),

  sessions: async (limit: number, offset: number): Promise<{ sessions: T.SessionSummary[] }> => {
    const { sessions } = await call<{ sessions: RawSummary[] }>(
      'GET',
      `api/sessions${queryOf({ limit, offset })}`,
    );
    return { sessions: sessions.map(completeSummary) };
  },
  createSession: async (
    characterId: string,
    matchReasons?: readonly T.MatchReason[],
    greeting?: number,
  ): Promise<{ session: T.Session }> =>
    completeSession(
      await call<{ session: RawSession }>('POST', 'api/sessions', {
        characterId,
        ...(matchReasons === undefined ? {} : { matchReasons }),
        ...(greeting === undefined ? {} : { greeting }),
      }),
    ),
  session: async (id: string): Promise<T.SessionPage> => {
    const page = await call<Omit<T.SessionPage, 'session'> & { session: RawSession }>('GET', of(id));
    return { ...page, ...completeSession(page) };
  },
  olderEntries: (id: string, before: number) =>
    call<{ entries: T.Entry[]; before: number | null }>('GET', `${of(id)}/entries${queryOf({ before })}`),
  deleteSession: (id: string) => call<unknown>('DELETE', of(id)),

  sendMessage: (id: string, message: { readonly id: string; readonly text: string }) =>
    call<{
      status: 'recorded' | 'duplicate' | 'paused' | 'refused';
      /** Where there is help, for somebody in danger who is not answered otherwise. */
      notice?: string;
    }>('POST', `${of(id)}/messages`, message),
  stop: (id: string) => call<unknown>('POST', `${of(id)}/stop`),
  regenerate: (id: string, requestId: string) =>
    call<unknown>('POST', `${of(id)}/regenerate`, { id: requestId }),
  steer: async (id: string, steering: T.Steering): Promise<{ session: T.Session }> =>
    completeSession(await call<{ session: RawSession }>('PUT', `${of(id)}/steering`, steering)),
  answerOffer: async (id: string, accept: boolean): Promise<{ session: T.Session }> =>
    completeSession(await call<{ session: RawSession }>('POST', `${of(id)}/offer`, { accept })),
  feedback: (id: string, entry: string, feedback: 'up' | 'down' | null) =>
    call<unknown>('PUT', `${entryOf(id, entry)}/feedback`, { feedback }),
  trace: (id: string, entry: string) => call<T.Trace>('GET', `${entryOf(id, entry)}/trace`),

  me: () => call<{ persona: T.Persona; paused: boolean }>('GET', 'api/me'),
  saveMe: (persona: T.Persona) => call<unknown>('PUT', 'api/me', { persona }),
  setPaused: (paused: boolean) => call<unknown>('PUT', 'api/me/paused', { paused }),
  memories: () => call<{ memories: T.Memory[] }>('GET', 'api/me/memories'),
  addMemory: (text: string) => call<unknown>('POST', 'api/me/memories', { text }),
  deleteMemory: (id: string) => call<unknown>('DELETE', `api/me/memories/${encodeURIComponent(id)}`),
  pinMemory: (id: string, pinned: boolean) =>
    call<unknown>('PUT', `api/me/memories/${encodeURIComponent(id)}/pinned`, { pinned }),
  remembering: () => call<T.Remembering>('GET', 'api/me/remembering'),
  setRemembering: (mode: T.Remembering['mode']) => call<T.Remembering>('PUT', 'api/me/remembering', { mode }),
  decideMemories: (decision: 'keep' | 'drop', ids: readonly string[]) =>
    call<T.Remembering>('POST', `api/me/remembering/${decision}`, { ids }),
  lorebook: () => call<{ entries: readonly unknown[] }>('GET', 'api/me/lorebook'),
  saveLorebook: (lorebook: string) => call<{ entries: number }>('PUT', 'api/me/lorebook', { lorebook }),
  exportLorebook: async (): Promise<Blob> => (await send('GET', 'api/me/lorebook')).blob(),
  removeLorebook: () => call<unknown>('DELETE', 'api/me/lorebook'),
  importMemories: (facts: string) => call<{ added: number }>('POST', 'api/me/memories/import', { facts }),
  exportMemories: async (): Promise<Blob> => (await send('GET', 'api/me/memories/export')).blob(),
  export: async (format: 'html' | 'json'): Promise<Blob> =>
    (await send('GET', `api/me/export?format=${format}`)).blob(),
  erase: () => call<{ erased: { sessions: number; entries: number; memories: number } }>('DELETE', 'api/me'),
};
