import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { RapportError } from '../../../config/errors.js';
import { type PersonId, sessionId } from '../../../src/ids.js';
import { errorBody } from '../bodies.js';
import { personOf } from '../protection.js';
import { entryViews, sessionView, waitingViews } from '../views.js';
import type { WebAdapter } from '../web-adapter.js';
import type { WebServices } from '../web-services.js';

const heartbeatMs = 15_000;

/** Streams that one person may hold at once: each costs memory and work on every word of a reply. */
const maxStreams = 16;

/** Server-sent events of one session: the running reply, committed entries, changed state. */
export function eventRoutes(services: WebServices, adapter: WebAdapter): Hono {
  const held = new Map<PersonId, number>();
  return new Hono().get('/:id/events', async (context) => {
    const id = sessionId(context.req.param('id'));
    const session = await services.store.sessions.get(id);
    const person = personOf(context, services.random);
    if (!session || session.ownerId !== person) throw new RapportError('RAPPORT_E_SESSION_UNKNOWN', { id });
    const already = held.get(person) ?? 0;
    if (already >= maxStreams) throw new RapportError('RAPPORT_E_STREAMS_TOO_MANY', { limit: maxStreams });
    held.set(person, already + 1);
    context.header('X-Accel-Buffering', 'no');
    return streamSSE(context, async (stream) => {
      const outlet = new EventOutlet(stream);
      const send = (event: string, data: unknown): void => outlet.send(event, data);
      const endLive = adapter.subscribe(id, ({ turnId, messageId, kind, text, final, speaker }) =>
        outlet.send('message', { turnId, messageId, kind, text, final, speaker }, `${turnId}:${messageId}`),
      );
      const endEvents = services.events.subscribe(id, (event) => {
        if (event.type === 'entries')
          send('entries', { entries: entryViews(event.entries, services), removed: event.removed });
        else if (event.type === 'waiting') send('waiting', { waiting: waitingViews(event.messages, person) });
        else if (event.type === 'session') send('session', { session: sessionView(event.session, services) });
        else if (event.state === 'started') send('turn', { turnId: event.turnId, state: event.state });
        else
          send('turn', {
            turnId: event.turnId,
            state: event.state,
            ...(event.error && errorBody(event.error)),
          });
      });
      const closed = new Promise<void>((resolve) => stream.onAbort(resolve));
      send('hello', { answering: services.sessions.isAnswering(id) });
      const beat = setInterval(() => send('beat', {}), heartbeatMs);
      try {
        await closed;
      } finally {
        clearInterval(beat);
        const left = (held.get(person) ?? 1) - 1;
        if (left > 0) held.set(person, left);
        else held.delete(person);
        endLive();
        endEvents();
      }
    });
  });
}

interface Waiting {
  readonly event: string;
  readonly key: string | null;
  data: unknown;
}

/** Events that may wait for a page that does not read; it is disconnected then, comes back and reads the transcript. */
const maxWaiting = 500;

/** Sends server-sent events in order, one at a time. Of a growing message only the newest text waits for a slow page. */
class EventOutlet {
  readonly #stream: SSEStreamingApi;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(stream: SSEStreamingApi) {
    this.#stream = stream;
  }

  /** @param key an event with the key of one that still waits replaces it. */
  send(event: string, data: unknown, key: string | null = null): void {
    const older = key === null ? undefined : this.#waiting.find((waiting) => waiting.key === key);
    if (older) older.data = data;
    else this.#waiting.push({ event, key, data });
    if (this.#waiting.length > maxWaiting) {
      this.#waiting = [];
      this.#stream.abort();
    } else if (!this.#sending) void this.#pump();
  }

  /** Never rejects: writing to a stream that has gone is not an error of hono's. */
  async #pump(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting.shift(); next && !this.#stream.aborted; next = this.#waiting.shift())
      await this.#stream.writeSSE({ event: next.event, data: JSON.stringify(next.data) });
    this.#sending = false;
  }
}
