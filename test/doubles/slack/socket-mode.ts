import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { isJson } from './arguments.js';
import type { Json } from './cloud.js';
import type { Delivery } from './delivery.js';

/** Slack keeps at most this many sockets of one app. */
const mostSockets = 10;
/** How long a socket may take to say goodbye, ms. */
const closeLimitMs = 200;

interface Sent {
  readonly delivery: Delivery;
  readonly at: number;
  readonly attempt: number;
}

/** The sockets of Socket Mode: any of them may get any envelope. */
export class SocketMode {
  /** Sends each envelope on this many more sockets, as Slack now and then does. */
  duplicates = 0;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sockets: WebSocket[] = [];
  readonly #sent = new Map<string, Sent>();
  readonly #tickets = new Set<string>();
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  #next = 0;
  #envelopes = 0;
  /** Sockets that were ever opened. */
  opened = 0;

  constructor(server: Server) {
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://slack.test');
      const ticket = url.searchParams.get('ticket') ?? '';
      if (url.pathname !== '/link/' || !this.#tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened));
    });
  }

  /** How many sockets are open. */
  get count(): number {
    return this.#sockets.length;
  }

  ticket(): string {
    const ticket = `ticket-${this.#tickets.size + this.opened + 1}-${Math.floor(performance.now() * 1000)}`;
    this.#tickets.add(ticket);
    return ticket;
  }

  /** Resolves once so many sockets are open. */
  connected(count = 1): Promise<void> {
    if (this.#sockets.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** Slack recycles the connection: the client is asked to come again. */
  refresh(reason: 'refresh_requested' | 'warning' | 'link_disabled' = 'refresh_requested'): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify({ type: 'disconnect', reason }));
  }

  /** The connections break without a word. */
  drop(): void {
    for (const socket of [...this.#sockets]) socket.terminate();
  }

  /** Sends an envelope; false when no socket is open. */
  send(delivery: Delivery, retry: { readonly attempt: number; readonly reason: string } | null): boolean {
    const count = this.#sockets.length;
    if (count === 0) return false;
    const copies = Math.min(count, 1 + this.duplicates);
    for (let copy = 0; copy < copies; copy += 1) {
      const socket = this.#sockets[this.#next % count];
      this.#next += 1;
      if (socket) this.#transmit(socket, delivery, retry);
    }
    return true;
  }

  /** Closes the sockets in good order, those that do not answer by force. */
  async close(): Promise<void> {
    await Promise.all(
      this.#sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            const force = setTimeout(() => socket.terminate(), closeLimitMs);
            socket.once('close', () => {
              clearTimeout(force);
              resolve();
            });
            socket.close(1001);
          }),
      ),
    );
    this.#server.close();
  }

  #transmit(
    socket: WebSocket,
    delivery: Delivery,
    retry: { readonly attempt: number; readonly reason: string } | null,
  ): void {
    this.#envelopes += 1;
    const id = `envelope-${this.#envelopes}`;
    this.#sent.set(id, { delivery, at: performance.now(), attempt: retry?.attempt ?? 0 });
    const envelope: Json = {
      envelope_id: id,
      type: delivery.type,
      payload: delivery.payload,
      accepts_response_payload: delivery.type !== 'events_api',
      ...(delivery.type === 'events_api'
        ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' }
        : {}),
    };
    socket.send(JSON.stringify(envelope));
  }

  #welcome(socket: WebSocket): void {
    this.opened += 1;
    if (this.#sockets.length >= mostSockets) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      socket.close();
      return;
    }
    this.#sockets.push(socket);
    socket.on('message', (data) => this.#read(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      const at = this.#sockets.indexOf(socket);
      if (at >= 0) this.#sockets.splice(at, 1);
    });
    const hello = {
      type: 'hello',
      num_connections: this.#sockets.length,
      connection_info: { app_id: 'A0RAPPORT' },
      debug_info: { host: 'applink-1', approximate_connection_time: 18_060 },
    };
    socket.send(JSON.stringify(hello));
    for (const waiter of [...this.#waiting]) {
      if (this.#sockets.length < waiter.count) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  #read(data: RawData): void {
    const message: unknown = JSON.parse(String(data));
    if (!isJson(message)) return;
    const id = String(message.envelope_id);
    const sent = this.#sent.get(id);
    if (!sent) return;
    this.#sent.delete(id);
    sent.delivery.answered({
      payload: isJson(message.payload) ? message.payload : {},
      latencyMs: performance.now() - sent.at,
      attempt: sent.attempt,
      status: 200,
    });
  }
}
