import { type GatewayDispatchEvents, GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { shardOf } from '../world/snowflake.js';
import type { Dispatch } from '../world/world.js';
import type { GatewayConnection } from './connection.js';

export interface SentDispatch {
  readonly s: number;
  readonly t: GatewayDispatchEvents;
  readonly text: string;
}

/** What IDENTIFY asked for. */
export interface Identity {
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
  readonly largeThreshold: number;
}

/** Events a session can replay at least; who missed more must begin anew. */
const keptEvents = 10_000;

/** A session outlives its connection: it numbers what it sends and keeps it, so that RESUME can replay what was missed. */
export class GatewaySession {
  readonly id: string;
  readonly identity: Identity;
  /** The last number that was given out. */
  seq = 0;
  /** How often it was resumed. */
  resumes = 0;
  connection: GatewayConnection | null;
  /** When its connection was lost, ms of the clock; null while it has one. */
  lostAt: number | null = null;
  readonly #sent: SentDispatch[] = [];

  constructor(id: string, identity: Identity, connection: GatewayConnection) {
    this.id = id;
    this.identity = identity;
    this.connection = connection;
  }

  has(intent: GatewayIntentBits): boolean {
    return (this.identity.intents & intent) !== 0;
  }

  /** Whether an event is for this session: its shard, and one of the intents that cover it. */
  wants(dispatch: Dispatch): boolean {
    const [shard, count] = this.identity.shard;
    if (shardOf(dispatch.guildId, count) !== shard) return false;
    return dispatch.intents.length === 0 || dispatch.intents.some((intent) => this.has(intent));
  }

  /** Gives an event its number, keeps it and sends it where there is a connection. */
  dispatch(t: GatewayDispatchEvents, d: unknown): void {
    this.seq += 1;
    const sent = {
      s: this.seq,
      t,
      text: JSON.stringify({ t, s: this.seq, op: GatewayOpcodes.Dispatch, d }),
    };
    this.#sent.push(sent);
    if (this.#sent.length > 2 * keptEvents) this.#sent.splice(0, this.#sent.length - keptEvents);
    this.connection?.sendDispatch(sent);
  }

  deliver(dispatch: Dispatch): void {
    const d = this.has(GatewayIntentBits.MessageContent) ? undefined : dispatch.withoutContent?.();
    this.dispatch(dispatch.t, d ?? dispatch.d);
  }

  /** What was sent after `seq`; null where that is not kept any more. */
  missedSince(seq: number): readonly SentDispatch[] | null {
    const oldest = this.#sent[0];
    if (oldest && oldest.s > seq + 1) return null;
    return this.#sent.filter((sent) => sent.s > seq);
  }
}
