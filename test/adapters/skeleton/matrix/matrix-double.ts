import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Event {
  readonly type: string;
  readonly event_id: string;
  readonly sender: string;
  readonly origin_server_ts: number;
  readonly content: Readonly<Record<string, unknown>>;
}

type Fault = 'forbidden' | 'limited' | 'lost';

/** As much of a Matrix homeserver as the skeleton uses: one room, its events, sync, and sends that a transaction makes once. */
export class MatrixDouble {
  readonly token = 'syt_token';
  readonly bot = '@rapport:double';
  readonly room = '!room:double';
  readonly events: Event[] = [];
  /** Up to which event the client has said that it is done. */
  done = 0;
  readonly #sent = new Map<string, string>();
  readonly #waiting = new Set<() => void>();
  #fault: Fault | null = null;
  #tellsTwice = false;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<MatrixDouble> {
    const double = new MatrixDouble();
    await new Promise<void>((resolve) => double.#server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#wake();
    await closed;
  }

  /** The next send goes wrong. */
  fail(fault: Fault): void {
    this.#fault = fault;
  }

  /** The next sync tells of each of its events twice. */
  tellTwice(): void {
    this.#tellsTwice = true;
  }

  /** A person does something in the room. Resolves once the client has said that it is done with it. */
  async happens(sender: string, type: string, content: Event['content']): Promise<void> {
    this.#add(sender, type, content);
    const at = this.events.length;
    while (this.done < at && this.#server.listening)
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** What the app has said, as it stands after its edits. */
  shown(): string[] {
    const texts = new Map<string, string>();
    for (const { sender, event_id: id, content } of this.events) {
      if (sender !== this.bot) continue;
      const edited = content['m.relates_to'] as { readonly event_id: string } | undefined;
      texts.set(
        edited?.event_id ?? id,
        String((content['m.new_content'] as Event['content'] | undefined)?.body ?? content.body),
      );
    }
    return [...texts.values()];
  }

  #add(sender: string, type: string, content: Event['content']): string {
    const event_id = `$${this.events.length + 1}`;
    this.events.push({ type, event_id, sender, content, origin_server_ts: Date.now() });
    this.#wake();
    return event_id;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const [, what = '', ...path] = url.pathname
      .replace('/_matrix/client/v3', '')
      .split('/')
      .map(decodeURIComponent);
    const reply = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return reply(401, { errcode: 'M_UNKNOWN_TOKEN' });
    if (what === 'account') return reply(200, { user_id: this.bot });
    if (what === 'sync') return reply(200, await this.#sync(url.searchParams.get('since')));
    const content = (await json(request)) as Event['content'];
    if (path[1] !== 'send') return reply(200, {});
    const fault = this.#fault;
    this.#fault = null;
    if (fault === 'forbidden') return reply(403, { errcode: 'M_FORBIDDEN' });
    if (fault === 'limited') return reply(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1_000 });
    const transaction = path[3] ?? '';
    const id = this.#sent.get(transaction) ?? this.#add(this.bot, path[2] ?? '', content);
    this.#sent.set(transaction, id);
    if (fault === 'lost') return void response.destroy();
    reply(200, { event_id: id });
  }

  async #sync(since: string | null): Promise<object> {
    const from = Number(since ?? this.events.length);
    this.done = Math.max(this.done, from);
    this.#wake();
    if (since !== null && this.events.length === from)
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    const fresh = this.events.slice(from);
    const events = this.#tellsTwice ? fresh.flatMap((event) => [event, event]) : fresh;
    if (fresh.length > 0) this.#tellsTwice = false;
    return {
      next_batch: String(this.events.length),
      rooms: { join: { [this.room]: { timeline: { events } } } },
    };
  }
}
