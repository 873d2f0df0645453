import {
  CloseCodes,
  DefaultWebSocketManagerOptions,
  type FetchingStrategyOptions,
  type IContextFetchingStrategy,
  type IIdentifyThrottler,
  type SessionInfo,
  WebSocketShard,
  WebSocketShardDestroyRecovery,
  WebSocketShardEvents,
  WebSocketShardStatus,
} from '@discordjs/ws';
import {
  type APIGatewayBotInfo,
  GatewayCloseCodes,
  type GatewayDispatchPayload,
} from 'discord-api-types/v10';
import { RapportError, reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { ResumeJudge } from './resume-judge.js';
import type { StoredSession } from './stored-session.js';

/** Close codes after which connecting again is pointless (gateway close event codes, "reconnect: false"). */
const final: ReadonlySet<number> = new Set([
  GatewayCloseCodes.AuthenticationFailed,
  GatewayCloseCodes.InvalidShard,
  GatewayCloseCodes.ShardingRequired,
  GatewayCloseCodes.InvalidAPIVersion,
  GatewayCloseCodes.InvalidIntents,
  GatewayCloseCodes.DisallowedIntents,
]);

function endsForGood(code: number): boolean {
  return final.has(code);
}

/** The coded error of a close code after which nobody connects again. */
export function closeError(code: number, shard: number, count: number): RapportError {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return new RapportError('RAPPORT_E_DISCORD_TOKEN', { reason: `the gateway closed with ${code}` });
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.ShardingRequired:
      return new RapportError('RAPPORT_E_DISCORD_SHARDS', { shard, count, code });
    case GatewayCloseCodes.InvalidIntents:
    case GatewayCloseCodes.DisallowedIntents:
      return new RapportError('RAPPORT_E_DISCORD_INTENTS', { code });
    default:
      return new RapportError('RAPPORT_E_DISCORD_GATEWAY', { shard, code });
  }
}

/** When a connection counts as dead although nobody closed it, ms. */
export interface WatchdogLimits {
  /** Pause between two looks. */
  readonly everyMs: number;
  /** Longest silence of the gateway towards our heartbeats (they go about every 41 s). */
  readonly ackAgeMs: number;
  /** Longest time from a connection's loss to its return. */
  readonly stuckMs: number;
}

/** Pauses between tries to connect that are turned down, ms. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** How long a connection that is just being made is waited for at the end, ms. */
const leaveWaitMs = 2_000;

export const watchdogLimits: WatchdogLimits = { everyMs: 15_000, ackAgeMs: 130_000, stuckMs: 180_000 };

export interface GatewayShardOptions {
  readonly id: number;
  readonly count: number;
  readonly token: string;
  readonly intents: number;
  readonly gateway: APIGatewayBotInfo;
  readonly session: StoredSession;
  readonly identify: IIdentifyThrottler;
  readonly limits: WatchdogLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly on: ShardListener;
}

export interface ShardListener {
  /** One dispatch, in order. Never throws; what takes longer goes on by itself and calls `done` once it is recorded. */
  dispatch(payload: GatewayDispatchPayload, done: () => void): void;
  /** The gateway has let the shard in: `resumed` with everything missed replayed, else from now on only. */
  ready(resumed: boolean): void;
  heartbeat(latencyMs: number): void;
  /** Closed with a code after which connecting again is pointless. */
  ended(code: number): void;
}

export type ShardState = 'idle' | 'connecting' | 'ready';

/** One connection to the gateway: discord.js's own shard, with a session that outlives the process and a watchdog. */
export class GatewayShard {
  readonly #options: GatewayShardOptions;
  readonly #judge: ResumeJudge;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #shard: WebSocketShard | null = null;
  #state: ShardState = 'idle';
  /** HELLO has come and nobody has closed yet. */
  #isOpen = false;
  #ackAt = 0;
  /** Tries to connect in a row that Discord, or something on the way, turned down before it said a word. */
  #turnedDown = 0;
  #isWaiting = false;
  /** When the connection was lost (or first asked for), by the monotonic clock. */
  #lostAt = 0;

  constructor(options: GatewayShardOptions) {
    this.#options = options;
    this.#judge = new ResumeJudge(options.clock);
    this.#logger = options.logger.child({ shard: options.id });
  }

  get state(): ShardState {
    return this.#state;
  }

  /** Begins to connect and keeps connected until {@link stop}. */
  start(): void {
    const { id, clock } = this.#options;
    this.#shard = new WebSocketShard(this.#strategy(), id);
    this.#listen(this.#shard);
    this.#lostAt = clock.elapsed();
    this.#connect(this.#shard);
    void this.#watch();
  }

  /**
   * Leaves the gateway so that the session can be resumed: nothing is missed by the next process.
   * @param isOurs false where another process has the shard by now, and what is stored about it.
   */
  async stop(isOurs = true): Promise<void> {
    this.#stopping.abort(new Error('the shard stops'));
    const shard = this.#shard;
    if (shard) {
      if (shard.status === WebSocketShardStatus.Connecting && !this.#isOpen) await this.#settled(shard);
      if (this.#isOpen) await this.#leave(shard);
    }
    this.#state = 'idle';
    if (isOurs) await this.#options.session.flush();
  }

  #leave(shard: WebSocketShard): Promise<void> {
    this.#isOpen = false;
    return shard.destroy({ code: CloseCodes.Resuming, reason: 'the process stops' });
  }

  /** Waits until a connection that is being made was made or failed: the library cannot break it off cleanly before. */
  async #settled(shard: WebSocketShard): Promise<void> {
    const waiting = new AbortController();
    const end = (): void => waiting.abort();
    shard.once(WebSocketShardEvents.Hello, end);
    shard.once(WebSocketShardEvents.Closed, end);
    await this.#options.clock.sleep(leaveWaitMs, waiting.signal).catch(() => undefined);
  }

  #strategy(): IContextFetchingStrategy {
    const { token, intents, gateway, count, identify, session } = this.#options;
    const { compression, encoding, handshakeTimeout, helloTimeout, readyTimeout } =
      DefaultWebSocketManagerOptions;
    const { identifyProperties, initialPresence, largeThreshold, version } = DefaultWebSocketManagerOptions;
    const options: FetchingStrategyOptions = {
      compression,
      encoding,
      handshakeTimeout,
      helloTimeout,
      readyTimeout,
      identifyProperties,
      initialPresence,
      largeThreshold,
      useIdentifyCompression: false,
      version,
      token,
      intents,
      gatewayInformation: gateway,
      shardCount: count,
    };
    return {
      options,
      // After the end nothing may connect again: the library waits here for ever then.
      retrieveSessionInfo: async () => {
        if (!this.#isOpen) await this.#backOff();
        return this.#stopping.signal.aborted ? new Promise<never>(() => undefined) : session.info;
      },
      updateSessionInfo: async (_shard, info) => this.#update(info),
      waitForIdentify: (shard, signal) => identify.waitForIdentify(shard, signal),
    };
  }

  /** The library tries again twice a second, for ever: who is turned down again and again waits, longer each time. */
  async #backOff(): Promise<void> {
    const { clock } = this.#options;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#turnedDown - 2));
    if (this.#turnedDown < 2 || this.#isWaiting) return;
    this.#isWaiting = true;
    await clock.sleep(pause, this.#stopping.signal).catch(() => undefined);
    this.#isWaiting = false;
  }

  /** Null: the library wants to identify afresh. It also says so when only the network is down, or when it is told to stop. */
  #update(info: SessionInfo | null): void {
    const { session } = this.#options;
    if (info) session.update(info);
    else if (!this.#stopping.signal.aborted && session.info && !this.#judge.keepsAfterDrop()) {
      this.#logger.info({}, 'the gateway session cannot be resumed; identifying afresh');
      session.forget();
    }
  }

  #listen(shard: WebSocketShard): void {
    const { on, clock, session } = this.#options;
    shard.on(WebSocketShardEvents.Debug, (message) => {
      if (message.startsWith('Connecting to')) this.#judge.connecting();
      if (message.startsWith('Invalid session')) this.#forgetIf(this.#judge.refused());
      this.#logger.debug({}, message);
    });
    shard.on(WebSocketShardEvents.Hello, () => {
      this.#ackAt = clock.elapsed();
      this.#isOpen = true;
      this.#turnedDown = 0;
      this.#judge.greeted();
      if (this.#stopping.signal.aborted) void this.#leave(shard);
    });
    shard.on(WebSocketShardEvents.Ready, () => this.#ready(false));
    shard.on(WebSocketShardEvents.Resumed, () => this.#ready(true));
    shard.on(WebSocketShardEvents.HeartbeatComplete, ({ latency }) => {
      this.#ackAt = clock.elapsed();
      on.heartbeat(latency);
    });
    shard.on(WebSocketShardEvents.SocketError, (error) => {
      this.#judge.networkFailed();
      if (!this.#isOpen) this.#turnedDown += 1;
      // 1, 2, 4, 8 … times: who looks into the log sees that it goes on.
      const isTold = (this.#turnedDown & (this.#turnedDown - 1)) === 0 && this.#turnedDown > 1;
      this.#logger[isTold ? 'warn' : 'debug'](
        { reason: reasonOf(error), tries: this.#turnedDown },
        'the gateway connection had an error',
      );
    });
    shard.on(WebSocketShardEvents.Error, (error) => {
      this.#logger.warn({ reason: reasonOf(error) }, 'the gateway refused the connection');
    });
    shard.on(WebSocketShardEvents.Closed, (code) => this.#closed(code));
    shard.on(WebSocketShardEvents.Dispatch, (payload) => {
      if (this.#stopping.signal.aborted) return;
      on.dispatch(payload, session.begin(payload.s));
    });
  }

  #ready(resumed: boolean): void {
    if (this.#stopping.signal.aborted) return;
    const { on, clock } = this.#options;
    this.#state = 'ready';
    this.#ackAt = clock.elapsed();
    this.#judge.ready();
    this.#logger.info({ resumed }, 'connected to Discord');
    on.ready(resumed);
  }

  #closed(code: number): void {
    this.#isOpen = false;
    if (this.#stopping.signal.aborted) return;
    if (this.#state === 'ready') this.#lostAt = this.#options.clock.elapsed();
    this.#state = 'connecting';
    this.#forgetIf(this.#judge.closed(code));
    if (endsForGood(code)) {
      this.#stopping.abort(new Error(`closed with ${code}`));
      this.#state = 'idle';
      this.#options.on.ended(code);
    } else this.#logger.info({ code }, 'the gateway connection closed; connecting again');
  }

  #forgetIf(hopeless: boolean): void {
    const { session } = this.#options;
    if (!hopeless || !session.info) return;
    this.#logger.warn({}, 'the gateway session could not be resumed several times; identifying afresh');
    session.forget();
  }

  #connect(shard: WebSocketShard): void {
    this.#state = 'connecting';
    shard.connect().catch((error: unknown) => {
      this.#logger.debug({ reason: reasonOf(error) }, 'connecting to the gateway ended early');
    });
  }

  /** Looks now and then whether the connection is alive; a dead one is closed and resumed. */
  async #watch(): Promise<void> {
    const { clock, limits } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await clock.sleep(limits.everyMs, signal).catch(() => undefined);
      if (signal.aborted || !this.#shard) return;
      const now = clock.elapsed();
      if (this.#state === 'ready' && now - this.#ackAt > limits.ackAgeMs)
        await this.#revive(this.#shard, 'the gateway has not answered heartbeats for long');
      else if (this.#state !== 'ready' && now - this.#lostAt > limits.stuckMs) {
        this.#lostAt = now;
        await this.#revive(this.#shard, 'the gateway connection does not come back');
      }
    }
  }

  async #revive(shard: WebSocketShard, why: string): Promise<void> {
    if (this.#isWaiting) return;
    this.#logger.warn({}, `${why}; connecting again`);
    this.#lostAt = this.#options.clock.elapsed();
    if (shard.status === WebSocketShardStatus.Idle) this.#connect(shard);
    else await shard.destroy({ reason: why, recover: WebSocketShardDestroyRecovery.Resume });
  }
}
