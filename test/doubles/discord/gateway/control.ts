import type { GatewayDispatchEvents, GatewayOpcodes } from 'discord-api-types/v10';
import type { GatewayConnection, Received } from './connection.js';
import type { SentDispatch } from './session.js';

/** Where a connection can be cut: what the gateway sends (an event's name, or HELLO), or what it receives. */
export type Stage = 'UPGRADE' | 'HELLO' | 'IDENTIFY' | 'RESUME' | 'HEARTBEAT' | `${GatewayDispatchEvents}`;

export interface Cut {
  readonly stage: Stage;
  /** Before the stage's message is sent or acted upon, or after. */
  readonly when?: 'before' | 'after';
  /** A close frame with this code; none is a plain TCP drop. */
  readonly code?: number;
  readonly times?: number;
}

/** A payload that a client sent. */
export interface NotedPayload extends Received {
  readonly at: number;
  readonly sessionId: string | null;
}

interface Disorder {
  readonly event: string | null;
  left: number;
}

/** What a test orders the gateway to do wrong. */
export class GatewayControl {
  /** False: heartbeats are not acknowledged, and the client must notice that the connection is dead. */
  acknowledgeHeartbeats = true;
  /** Every payload from a client. */
  readonly received: NotedPayload[] = [];
  readonly #cuts: { cut: Cut; left: number }[] = [];
  readonly #invalid: boolean[] = [];
  readonly #duplicates: Disorder[] = [];
  readonly #losses: Disorder[] = [];
  #reorder: {
    batch: number;
    event: string | null;
    held: { to: GatewayConnection; sent: SentDispatch }[];
  } | null = null;
  #stalled: { to: GatewayConnection; sent: SentDispatch }[] | null = null;

  /** Cuts the connection at a stage, the next `times` times (1). */
  cutAt(cut: Cut): void {
    this.#cuts.push({ cut, left: cut.times ?? 1 });
  }

  /** Answers the next RESUME or IDENTIFY with Invalid Session. @param resumable its `d`. */
  invalidateNext(resumable: boolean): void {
    this.#invalid.push(resumable);
  }
  takeInvalid(): boolean | undefined {
    return this.#invalid.shift();
  }

  /** Sends the next `count` events (of a name) twice, as two sessions of one shard would get them. */
  duplicateNext(count: number, event: string | null = null): void {
    this.#duplicates.push({ event, left: count });
  }

  /** Gives the next `count` events (of a name) a number but never sends them: only a RESUME brings them. */
  loseNext(count: number, event: string | null = null): void {
    this.#losses.push({ event, left: count });
  }

  /** Holds the next `count` events (of a name) and then sends them last first. */
  reverseNext(count: number, event: string | null = null): void {
    this.#reorder = { batch: count, event, held: [] };
  }

  /** Keeps all events back until {@link unstall}. */
  stall(): void {
    this.#stalled ??= [];
  }
  unstall(): void {
    const held = this.#stalled ?? [];
    this.#stalled = null;
    for (const { to, sent } of held) this.route(to, sent);
  }

  /** Sends an event the way the orders want it. */
  route(to: GatewayConnection, sent: SentDispatch): void {
    if (this.#stalled) {
      this.#stalled.push({ to, sent });
      return;
    }
    if (take(this.#losses, sent.t)) return;
    const reorder = this.#reorder;
    if (reorder && (reorder.event === null || reorder.event === sent.t)) {
      reorder.held.push({ to, sent });
      if (reorder.held.length < reorder.batch) return;
      this.#reorder = null;
      for (const one of reorder.held.reverse()) one.to.sendNow(one.sent);
      return;
    }
    to.sendNow(sent);
    if (take(this.#duplicates, sent.t)) to.sendNow(sent);
  }

  /** Carries out a cut that is ordered for this stage. @returns whether the connection is gone. */
  cut(stage: string, when: 'before' | 'after', connection: GatewayConnection): boolean {
    const cut = this.takeCut(stage, when);
    if (!cut) return false;
    if (cut.code === undefined) connection.cut();
    else connection.close(cut.code);
    return true;
  }
  takeCut(stage: string, when: 'before' | 'after'): Cut | null {
    const found = this.#cuts.find(
      (one) => one.left > 0 && one.cut.stage === stage && (one.cut.when ?? 'before') === when,
    );
    if (!found) return null;
    found.left -= 1;
    return found.cut;
  }

  note(at: number, connection: GatewayConnection, message: Received): void {
    this.received.push({ at, sessionId: connection.session?.id ?? null, op: message.op, d: message.d });
  }

  /** Forgets every order that was not carried out yet. */
  clear(): void {
    this.#cuts.length = 0;
    this.#invalid.length = 0;
    this.#duplicates.length = 0;
    this.#losses.length = 0;
    this.#reorder = null;
    this.acknowledgeHeartbeats = true;
    this.unstall();
  }

  /** How often clients sent an opcode. */
  count(op: GatewayOpcodes): number {
    return this.received.filter((message) => message.op === op).length;
  }
}

function take(orders: Disorder[], event: string): boolean {
  const found = orders.find((order) => order.left > 0 && (order.event === null || order.event === event));
  if (!found) return false;
  found.left -= 1;
  return true;
}
