import { GatewayCloseCodes, GatewayOpcodes } from 'discord-api-types/v10';
import type { WebSocket } from 'ws';
import type { GatewayControl } from './control.js';
import type { GatewaySession, SentDispatch } from './session.js';

/** A payload from the client. */
export interface Received {
  readonly op: number;
  readonly d: unknown;
}

/** One WebSocket: HELLO, heartbeats, the limit on what may be sent, and the disturbances a test orders. */
export class GatewayConnection {
  session: GatewaySession | null = null;
  readonly resumedAtUrl: boolean;
  readonly #socket: WebSocket;
  readonly #control: GatewayControl;
  readonly #now: () => number;
  readonly #receivedAt: number[] = [];
  #silence: NodeJS.Timeout | null = null;

  constructor(
    socket: WebSocket,
    {
      control,
      now,
      resumeUrl,
      onMessage,
      onClose,
    }: {
      control: GatewayControl;
      now: () => number;
      /** The client came to the address that READY gave for resuming. */
      resumeUrl: boolean;
      onMessage: (connection: GatewayConnection, message: Received) => void;
      onClose: (connection: GatewayConnection, code: number) => void;
    },
  ) {
    this.#socket = socket;
    this.#control = control;
    this.#now = now;
    this.resumedAtUrl = resumeUrl;
    socket.on('message', (data) => {
      const message = this.#read(data.toString());
      if (message) onMessage(this, message);
    });
    socket.on('close', (code) => {
      if (this.#silence) clearTimeout(this.#silence);
      onClose(this, code);
    });
    socket.on('error', () => socket.terminate());
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  hello(heartbeatIntervalMs: number): void {
    if (this.#control.cut('HELLO', 'before', this)) return;
    this.send({ op: GatewayOpcodes.Hello, d: { heartbeat_interval: heartbeatIntervalMs } });
    this.#control.cut('HELLO', 'after', this);
    this.#expectHeartbeat(heartbeatIntervalMs);
  }

  heartbeat(heartbeatIntervalMs: number): void {
    this.#expectHeartbeat(heartbeatIntervalMs);
    if (this.#control.acknowledgeHeartbeats) this.send({ op: GatewayOpcodes.HeartbeatAck });
  }

  /** Sends an event in whatever order, number and time the test ordered. */
  sendDispatch(sent: SentDispatch): void {
    this.#control.route(this, sent);
  }

  /** Sends without any disturbance. */
  sendNow(sent: SentDispatch): void {
    if (this.#control.cut(sent.t, 'before', this)) return;
    this.#write(sent.text);
    this.#control.cut(sent.t, 'after', this);
  }

  send(payload: { op: GatewayOpcodes; d?: unknown }): void {
    this.#write(JSON.stringify({ t: null, s: null, op: payload.op, d: payload.d ?? null }));
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the TCP connection, with no close frame. */
  cut(): void {
    this.#socket.terminate();
  }

  #write(text: string): void {
    if (this.open) this.#socket.send(text);
  }

  #read(text: string): Received | null {
    const now = this.#now();
    this.#receivedAt.push(now);
    while ((this.#receivedAt[0] ?? now) < now - 60_000) this.#receivedAt.shift();
    if (this.#receivedAt.length > 120) {
      this.close(GatewayCloseCodes.RateLimited, 'Rate limited.');
      return null;
    }
    if (Buffer.byteLength(text) > 4_096) {
      this.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      return null;
    }
    try {
      const message = JSON.parse(text) as Received;
      this.#control.note(now, this, message);
      return message;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      return null;
    }
  }

  /** A client that is silent for a beat and a half is given up. */
  #expectHeartbeat(intervalMs: number): void {
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = setTimeout(
      () => this.close(GatewayCloseCodes.SessionTimedOut, 'Session timed out.'),
      intervalMs * 1.5,
    );
    this.#silence.unref();
  }
}
