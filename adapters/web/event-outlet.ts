import type { SSEStreamingApi } from 'hono/streaming';

interface Waiting {
  readonly event: string;
  readonly key: string | null;
  data: unknown;
}

/** Events that may wait for a page that does not read; it is disconnected then, comes back and reads the transcript. */
const maxWaiting = 500;

/** Sends server-sent events in order, one at a time. Of a growing message only the newest text waits for a slow page. */
export class EventOutlet {
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
