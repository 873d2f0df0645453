import { z } from 'zod';
import { reasonOf } from '../../../../config/errors.js';
import { deliveryRefused } from '../../../../src/delivery/refusal.js';

const event = z.object({
  type: z.string(),
  event_id: z.string(),
  sender: z.string(),
  origin_server_ts: z.number(),
  content: z.looseObject({
    msgtype: z.string().optional(),
    body: z.string().optional(),
    'm.relates_to': z.looseObject({ key: z.string().optional() }).optional(),
  }),
});
const syncAnswer = z.object({
  next_batch: z.string(),
  rooms: z
    .object({ join: z.record(z.string(), z.object({ timeline: z.object({ events: z.array(event) }) })) })
    .optional(),
});

/** One event of a room. */
export type RoomEvent = z.infer<typeof event> & { readonly room: string };

/** How long the server may hold a sync in which nothing happens, ms. */
const holdMs = 30_000;

/** The few calls of the client-server API that are used; `post` and `edit` of the adapter reject with what `send` throws. */
export class MatrixApi {
  readonly #url: string;
  readonly #token: string;

  constructor({ url, token }: { readonly url: string; readonly token: string }) {
    this.#url = url;
    this.#token = token;
  }

  async whoAmI(): Promise<string> {
    const answer = await this.#call('GET', 'account/whoami');
    return z.object({ user_id: z.string() }).parse(answer).user_id;
  }

  /** What has happened since; waits for something to happen. */
  async sync(
    since: string | null,
    signal: AbortSignal,
  ): Promise<{ readonly next: string; readonly events: readonly RoomEvent[] }> {
    const query = since === null ? 'timeout=0' : `timeout=${holdMs}&since=${encodeURIComponent(since)}`;
    const answer = syncAnswer.parse(await this.#call('GET', `sync?${query}`, undefined, signal));
    const rooms = Object.entries(answer.rooms?.join ?? {});
    const events = rooms.flatMap(([room, { timeline }]) => timeline.events.map((one) => ({ ...one, room })));
    return { next: answer.next_batch, events };
  }

  /** Sends an event once, however often it is called with the same transaction. @returns its id. */
  async send(room: string, transaction: string, content: object): Promise<string> {
    const path = `rooms/${encodeURIComponent(room)}/send/m.room.message/${transaction}`;
    return z.object({ event_id: z.string() }).parse(await this.#call('PUT', path, content)).event_id;
  }

  async typing(room: string, user: string): Promise<void> {
    const path = `rooms/${encodeURIComponent(room)}/typing/${encodeURIComponent(user)}`;
    await this.#call('PUT', path, { typing: true, timeout: 10_000 });
  }

  async #call(method: string, path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
    const response = await fetch(`${this.#url}/_matrix/client/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      // The connection broke: nobody knows whether the call took place.
      throw deliveryRefused('matrix', { reason: reasonOf(error), ambiguous: true }, error);
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const { errcode = '', retry_after_ms: retryAfterMs = 0 } = refusal.parse(answer);
    throw deliveryRefused('matrix', {
      reason: `HTTP ${response.status} ${errcode}`,
      permanent: response.status === 403 || response.status === 404,
      ambiguous: response.status >= 500,
      retryAfterMs,
    });
  }
}

const refusal = z.object({ errcode: z.string().optional(), retry_after_ms: z.number().optional() });
