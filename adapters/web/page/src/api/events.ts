import { createEventParser } from './event-parser.js';
import { ApiError, completeSession, type RawSession, send } from './request.js';
import type { SessionEvents } from './types.js';

export interface EventHandlers {
  /** The stream is open (again): fetch what may have been missed. */
  readonly opened: () => void;
  /** The stream broke; it is being opened again. */
  readonly lost: () => void;
  /** The session no longer exists. */
  readonly gone: (error: ApiError) => void;
  readonly on: { readonly [Name in keyof SessionEvents]: (event: SessionEvents[Name]) => void };
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Listens to a session's events until the returned function is called, reconnecting with growing pauses.
 * Written on `fetch`, because `EventSource` cannot send the `Authorization` header.
 */
export function listen(sessionId: string, handlers: EventHandlers): () => void {
  const stop = new AbortController();
  void run(sessionId, handlers, stop.signal);
  return () => stop.abort();
}

async function run(sessionId: string, handlers: EventHandlers, signal: AbortSignal): Promise<void> {
  const path = `api/sessions/${encodeURIComponent(sessionId)}/events`;
  let wait = firstWaitMs;
  while (!signal.aborted) {
    try {
      const response = await send('GET', path, { accept: 'text/event-stream', signal });
      wait = firstWaitMs;
      handlers.opened();
      await read(response, handlers);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && !error.retryable) {
        handlers.gone(error);
        return;
      }
    }
    if (signal.aborted) return;
    handlers.lost();
    await pause(wait, signal);
    wait = Math.min(wait * 2, longestWaitMs);
  }
}

async function read(response: Response, handlers: EventHandlers): Promise<void> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const feed = createEventParser(({ name, data }) => {
    if (Object.hasOwn(handlers.on, name)) {
      const handler = handlers.on[name as keyof SessionEvents] as (event: unknown) => void;
      const event: unknown = JSON.parse(data);
      handler(name === 'session' ? completeSession(event as { session: RawSession }) : event);
    }
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    feed(value);
  }
}

/** Waits, but no longer than until the browser is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
