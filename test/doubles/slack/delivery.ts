import type { Json } from './cloud.js';

export type EnvelopeType = 'events_api' | 'slash_commands' | 'interactive';

/** What the app answered. */
export interface Ack {
  readonly payload: Json;
  /** From the send of this attempt, ms of real time. */
  readonly latencyMs: number;
  /** 0 for the first send. */
  readonly attempt: number;
  /** HTTP status; 200 over a socket. */
  readonly status: number;
}

/** One thing the app is told, however often it has to be sent. */
export class Delivery {
  readonly type: EnvelopeType;
  readonly payload: Json;
  /** Sends so far. */
  attempts = 0;
  acked: Ack | null = null;
  /** Resolves with the app's first answer; never where there is none. */
  readonly ack: Promise<Ack>;
  #settle: (ack: Ack) => void = () => undefined;

  constructor(type: EnvelopeType, payload: Json) {
    this.type = type;
    this.payload = payload;
    this.ack = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Notes an answer; only the first counts. */
  answered(ack: Ack): void {
    if (this.acked) return;
    this.acked = ack;
    this.#settle(ack);
  }
}
