import {
  type APIGatewayBotInfo,
  GatewayCloseCodes,
  type GatewayDispatchPayload,
} from 'discord-api-types/v10';
import { RapportError, reasonOf } from '../../../config/errors.js';
import type { Config } from '../../../config/schema.js';
import type { Clock, Random } from '../../../src/clock.js';
import { sessionId } from '../../../src/ids.js';
import { retry } from '../../../src/retry.js';
import { keepAlive } from '../../../src/session/heartbeat.js';
import type { Lease, Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import {
  closeError,
  GatewayShard,
  type ShardState,
  type WatchdogLimits,
  watchdogLimits,
} from './gateway-shard.js';
import { IdentifyGate } from './identify-gate.js';
import { type Identity, intentsFor } from './identity.js';
import { StoredSession } from './stored-session.js';

/** Times that tests shorten, ms. */
export interface GatewayTimes {
  /** Between two IDENTIFYs of one concurrency key. */
  readonly identifyMs: number;
  /** Between two writes of a session's sequence number. */
  readonly writeMs: number;
  /** Before Discord is asked again after a failure. */
  readonly againMs: number;
  readonly watchdog: WatchdogLimits;
}

export const gatewayTimes: GatewayTimes = {
  identifyMs: 5_000,
  writeMs: 1_000,
  againMs: 5_000,
  watchdog: watchdogLimits,
};

export interface GatewayListener {
  /** One event, in the order of its shard. Never throws. `done` once everything it asks for is recorded. */
  dispatch(payload: GatewayDispatchPayload, done: () => void, shard: ShardAt): void;
  /** A shard begins: takes up what is stored about it. */
  opening(shard: ShardAt): Promise<void>;
  /** A shard was let in. Not `resumed`: what happened meanwhile is not sent and must be looked for. */
  ready(shard: ShardAt, resumed: boolean): void;
  heartbeat(latencyMs: number, shard: ShardAt): void;
  /** Discord refuses the bot for good. */
  failed(error: RapportError): void;
}

export interface ShardAt {
  readonly id: number;
  readonly count: number;
}

export interface GatewayOptions {
  readonly token: string;
  readonly identity: Identity;
  readonly config: Pick<Config['discord'], 'shards' | 'messageContent'>;
  /** How long another process counts as alive after its last sign, ms. */
  readonly leaseMs: number;
  /** `GET /gateway/bot`. */
  readonly gatewayInfo: () => Promise<APIGatewayBotInfo>;
  readonly store: Pick<Store, 'values' | 'lease'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly times: GatewayTimes;
  readonly on: GatewayListener;
}

/** What became of serving a shard: `again` plans anew (more shards, fewer intents), `lost` another process has it. */
type Outcome = 'stopped' | 'lost' | 'again';

/**
 * The shards this process serves. One process a shard: whoever holds its lease in the store connects, the others stand by
 * and take over when the holder is gone.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #identify: IdentifyGate;
  readonly #holder: string;
  readonly #shards = new Map<number, GatewayShard>();
  readonly #standby = new Set<number>();
  readonly #stopping = new AbortController();
  #readContent: boolean;
  #serving: Promise<void> = Promise.resolve();

  constructor(options: GatewayOptions) {
    const { identity, config, store, clock, random, logger, gatewayInfo, times } = options;
    this.#options = options;
    this.#holder = random.id();
    this.#readContent = config.messageContent === 'auto' && identity.mayReadContent;
    this.#identify = new IdentifyGate({
      store,
      applicationId: identity.applicationId,
      gatewayInfo,
      clock,
      random,
      logger,
      intervalMs: times.identifyMs,
    });
  }

  /** Whether messages that do not mention the bot come with their text. */
  get readsContent(): boolean {
    return this.#readContent;
  }

  /** The shards served here, by state; those another process serves are on `standby`. */
  get states(): ReadonlyMap<number, ShardState | 'standby'> {
    const states = new Map<number, ShardState | 'standby'>();
    for (const id of this.#standby) states.set(id, 'standby');
    for (const [id, shard] of this.#shards) states.set(id, shard.state);
    return states;
  }

  /** Begins to connect; keeps trying until {@link stop}. */
  start(): void {
    this.#serving = this.#serve().catch((error: unknown) => {
      if (this.#stopping.signal.aborted) return;
      this.#options.on.failed(
        error instanceof RapportError
          ? error
          : new RapportError('RAPPORT_E_INTERNAL', { reference: 'discord' }, error),
      );
    });
  }

  /** Leaves the gateway so that another process, or this one later, resumes where it was. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the gateway stops'));
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const { config, logger, times, clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const info = await this.#gatewayInfo();
      const plan = this.#plan(info);
      logger.info(
        { shards: plan.ids.length, of: plan.count, content: this.#readContent },
        'connecting to Discord',
      );
      const round = new AbortController();
      const both = AbortSignal.any([signal, round.signal]);
      const failures: unknown[] = [];
      await Promise.all(
        plan.ids.map((id) =>
          this.#keep({ id, count: plan.count }, info, both)
            .catch((error: unknown) => failures.push(error))
            // One shard that has to plan anew ends the round of all.
            .finally(() => round.abort(new Error('planning the shards anew'))),
        ),
      );
      if (signal.aborted) return;
      if (failures.length > 0) throw failures[0];
      await clock.sleep(times.againMs, signal).catch(() => undefined);
      logger.info({ shards: config.shards }, 'planning the shards anew');
    }
  }

  #plan({ shards }: APIGatewayBotInfo): ShardPlan {
    try {
      return planShards(this.#options.config.shards, shards);
    } catch (error) {
      const problems = `  ${reasonOf(error)}`;
      throw new RapportError('RAPPORT_E_CONFIG_INVALID', { count: 1, problems }, error);
    }
  }

  async #gatewayInfo(): Promise<APIGatewayBotInfo> {
    const { gatewayInfo, clock, logger, times } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await gatewayInfo();
      } catch (error) {
        logger.warn({ reason: reasonOf(error) }, 'Discord does not say where its gateway is; trying again');
        await clock.sleep(times.againMs, signal);
      }
    }
  }

  /** Serves one shard whenever its lease can be had, until the signal. */
  async #keep(shard: ShardAt, info: APIGatewayBotInfo, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const lease = await this.#acquire(shard, signal);
      if (!lease) return;
      const outcome = await this.#hold(lease, shard, info, signal);
      if (outcome !== 'lost') return;
      this.#options.logger.warn({ shard: shard.id }, 'another process took over this shard; standing by');
    }
  }

  async #acquire({ id }: ShardAt, signal: AbortSignal): Promise<Lease | null> {
    const { store, identity, leaseMs, clock, logger } = this.#options;
    const name = sessionId(`discord:gateway:${identity.applicationId}:${id}`);
    while (!signal.aborted) {
      try {
        const lease = await store.lease.acquire(name, this.#holder, leaseMs);
        if (lease) {
          this.#standby.delete(id);
          return lease;
        }
        if (!this.#standby.has(id))
          logger.warn(
            { shard: id },
            'another process serves this shard of the bot; standing by until it is gone (two processes use one DISCORD_TOKEN)',
          );
        this.#standby.add(id);
      } catch (error) {
        logger.warn(
          { shard: id, reason: reasonOf(error) },
          'the lease of a shard cannot be asked for; trying again',
        );
      }
      await clock.sleep(leaseMs / 5, signal).catch(() => undefined);
    }
    this.#standby.delete(id);
    return null;
  }

  /** Serves one shard while the lease holds. */
  async #hold(lease: Lease, at: ShardAt, info: APIGatewayBotInfo, signal: AbortSignal): Promise<Outcome> {
    const { store, leaseMs, logger } = this.#options;
    let end = (_outcome: Outcome): void => undefined;
    const ended = new Promise<Outcome>((resolve) => {
      end = resolve;
    });
    let failure: RapportError | null = null;
    const stop = (): void => end('stopped');
    signal.addEventListener('abort', stop, { once: true });
    const stopHeartbeat = keepAlive(store, lease, leaseMs, () => end('lost'));
    const shard = await this.#open(at, info, (code) => {
      failure = this.#afterEnd(code, at);
      end('again');
    });
    if (signal.aborted) stop();
    let outcome: Outcome = 'stopped';
    try {
      outcome = await ended;
      if (failure) throw failure;
      return outcome;
    } finally {
      signal.removeEventListener('abort', stop);
      await shard.stop(outcome !== 'lost');
      this.#shards.delete(at.id);
      stopHeartbeat();
      await store.lease
        .release(lease)
        .catch((error: unknown) =>
          logger.debug({ reason: reasonOf(error) }, 'the lease of a shard runs out by itself'),
        );
    }
  }

  async #open(at: ShardAt, gateway: APIGatewayBotInfo, ended: (code: number) => void): Promise<GatewayShard> {
    const { token, identity, store, clock, logger, times, on } = this.#options;
    const intents = intentsFor(this.#readContent);
    const session = new StoredSession({
      store,
      applicationId: identity.applicationId,
      shard: at.id,
      intents,
      clock,
      logger,
      writeEveryMs: times.writeMs,
    });
    await this.#load(() => session.load());
    await this.#load(() => on.opening(at));
    const shard = new GatewayShard({
      ...at,
      token,
      intents,
      gateway,
      session,
      identify: this.#identify,
      limits: times.watchdog,
      clock,
      logger,
      on: {
        dispatch: (payload, done) => on.dispatch(payload, done, at),
        ready: (resumed) => {
          this.#identify.ready(at.id);
          on.ready(at, resumed);
        },
        heartbeat: (latencyMs) => on.heartbeat(latencyMs, at),
        ended,
      },
    });
    this.#shards.set(at.id, shard);
    if (!this.#stopping.signal.aborted) shard.start();
    return shard;
  }

  /** What is read before a shard begins is worth waiting for: without it messages would be missed. */
  async #load(read: () => Promise<void>): Promise<void> {
    const { clock, logger, times } = this.#options;
    const { signal } = this.#stopping;
    const readUnlessStopped = async (): Promise<void> => {
      if (!signal.aborted) await read();
    };
    await retry(readUnlessStopped, async (error) => {
      logger.warn({ reason: reasonOf(error) }, 'the stored state of a shard cannot be read; trying again');
      await clock.sleep(times.againMs, signal).catch(() => undefined);
      return true;
    });
  }

  /** After a close code that ends the connection: null where another way is left, else why the bot cannot run. */
  #afterEnd(code: number, at: ShardAt): RapportError | null {
    const { config, logger } = this.#options;
    if (code === GatewayCloseCodes.DisallowedIntents && this.#readContent) {
      this.#readContent = false;
      logger.warn(
        {
          code,
          cure: 'Turn on Message Content Intent under Bot in the developer portal, or set discord.messageContent to never.',
        },
        'Discord does not grant the message content intent: going on without it, a mention or reply is needed to be heard',
      );
      return null;
    }
    const wantsShards =
      code === GatewayCloseCodes.ShardingRequired || code === GatewayCloseCodes.InvalidShard;
    if (wantsShards && config.shards === 'auto') {
      logger.warn({ code, shards: at.count }, 'Discord asks for another number of shards');
      return null;
    }
    return closeError(code, at.id, at.count);
  }
}

/** Which shards this process serves (or stands by for), and how many there are altogether. */
export interface ShardPlan {
  readonly ids: readonly number[];
  readonly count: number;
}

/**
 * Reads `discord.shards`: `auto` (all of as many as Discord recommends), a number (all of so many), `ids/count`
 * (`0-3/8`, `0,2/4`: this machine's share).
 * @throws RangeError for ids that are not below the count.
 */
export function planShards(shards: Config['discord']['shards'], recommended: number): ShardPlan {
  const [which = '', of] = String(shards).split('/');
  if (of === undefined) {
    const count = which === 'auto' ? Math.max(1, recommended) : Math.max(1, Number(which));
    return { ids: Array.from({ length: count }, (_, id) => id), count };
  }
  const count = Number(of);
  const ids = [...new Set(which.split(',').flatMap(range))].sort((a, b) => a - b);
  const wrong = ids.find((id) => id >= count);
  if (wrong !== undefined || count === 0)
    throw new RangeError(`discord.shards: shard ${wrong ?? 0} does not exist among ${count}`);
  return { ids, count };
}

/** The shard that is sent the events of a guild; direct messages come to shard 0. */
export function shardOf(guild: string | undefined, count: number): number {
  return guild === undefined ? 0 : Number((BigInt(guild) >> 22n) % BigInt(count));
}

function range(part: string): number[] {
  const [first = 0, last = first] = part.split('-').map(Number);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}
