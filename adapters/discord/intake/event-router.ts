import { setMaxListeners } from 'node:events';
import type { API } from '@discordjs/core/http-only';
import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { ChannelDirectory } from '../channel-facts.js';
import type { ShardAt } from '../gateway/gateway.js';
import type { InteractionHandler } from '../interaction-port.js';
import { BackFill } from './back-fill.js';
import { Corrections } from './corrections.js';
import { Departures } from './departures.js';
import { type HeardMessage, hear, type Self } from './heard-message.js';
import type { Intake } from './intake.js';
import { Lanes } from './lanes.js';
import { LastSeen } from './last-seen.js';
import { patiently } from './patience.js';

export interface EventRouterOptions {
  readonly api: Pick<API, 'channels'>;
  readonly services: CommandServices;
  readonly intake: Intake;
  readonly directory: ChannelDirectory;
  readonly interactions: InteractionHandler;
  readonly self: Self;
  /** Pause between two writes of where the channels were read to, ms. */
  readonly writeEveryMs: number;
}

/**
 * Brings every event of the gateway to whom it concerns: interactions at once, everything about a channel in the order it
 * happened there, and tells the gateway when it is recorded.
 */
export class EventRouter {
  readonly #options: EventRouterOptions;
  readonly #lanes = new Lanes();
  readonly #seen = new Map<number, LastSeen>();
  readonly #backFill: BackFill;
  readonly #corrections: Corrections;
  readonly #departures: Departures;
  readonly #stopping = new AbortController();

  constructor(options: EventRouterOptions) {
    const { api, services, intake, directory } = options;
    const { config, clock, logger } = services;
    this.#options = options;
    // A crowd's events wait side by side.
    setMaxListeners(0, this.#stopping.signal);
    this.#backFill = new BackFill({ api, maxAgeMs: config.discord.backfillMinutes * 60_000, clock, logger });
    this.#corrections = new Corrections({ services, intake, directory });
    this.#departures = new Departures({ services, intake });
  }

  /** A shard begins. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async opening({ id }: ShardAt): Promise<void> {
    const { services, self, writeEveryMs } = this.#options;
    const { store, clock, logger } = services;
    const { applicationId } = self;
    const seen =
      this.#seen.get(id) ?? new LastSeen({ store, applicationId, shard: id, clock, logger, writeEveryMs });
    await seen.load();
    this.#seen.set(id, seen);
  }

  /** A shard was let in without what happened meanwhile: the channels with conversations are read from where they were left. */
  missed({ id }: ShardAt): void {
    const seen = this.#seen.get(id);
    for (const channel of seen?.all ?? [])
      this.#lanes.run(channel.channel, async () => {
        if (this.#stopping.signal.aborted) return;
        const outcome = await this.#backFill.run(channel, async (message) => {
          const { dealt } = await this.#take(message);
          if (dealt) seen?.mark(channel.channel, message.id, channel.guild);
        });
        if (outcome === 'gone') seen?.forget(channel.channel);
      });
  }

  /** One event. Never throws. @param done called once nothing of it can be lost any more. */
  dispatch(payload: GatewayDispatchPayload, done: () => void, shard: ShardAt): void {
    switch (payload.t) {
      case GatewayDispatchEvents.InteractionCreate:
        void this.#options.interactions.handle(payload.d);
        break;
      case GatewayDispatchEvents.MessageCreate:
        this.#message(payload.d, done, shard);
        return;
      case GatewayDispatchEvents.MessageUpdate:
        if (!this.#options.intake.sessionOf(payload.d.id)) break;
        this.#inLane(payload.d.channel_id, () => this.#corrections.edited(payload.d), done);
        return;
      case GatewayDispatchEvents.MessageDelete:
        if (!this.#options.intake.sessionOf(payload.d.id) && !this.#lanes.isBusy(payload.d.channel_id)) break;
        this.#inLane(payload.d.channel_id, () => this.#corrections.deleted(payload.d.id), done);
        return;
      case GatewayDispatchEvents.MessageDeleteBulk:
        this.#inLane(payload.d.channel_id, () => this.#deleted(payload.d.ids), done);
        return;
      case GatewayDispatchEvents.ThreadCreate:
        if (payload.d.owner_id === this.#options.self.userId) this.#options.directory.learn(payload.d);
        break;
      case GatewayDispatchEvents.ThreadUpdate:
      case GatewayDispatchEvents.ChannelUpdate:
        this.#options.directory.changed(payload.d);
        break;
      case GatewayDispatchEvents.ThreadDelete:
      case GatewayDispatchEvents.ChannelDelete:
        this.#channelGone(payload.d.id, done, shard);
        return;
      case GatewayDispatchEvents.GuildDelete: {
        const { id, unavailable } = payload.d;
        if (unavailable) break;
        this.#inLane(id, () => this.#departures.guildGone(id), done);
        return;
      }
      default:
    }
    done();
  }

  /** Takes nothing more on; what is being recorded is finished. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the adapter stops'));
    await this.#lanes.idle();
    await Promise.all([...this.#seen.values()].map((seen) => seen.flush()));
  }

  #message(message: HeardMessage, done: () => void, shard: ShardAt): void {
    const { channel_id: channel, guild_id: guild } = message;
    const seen = this.#seen.get(shard.id);
    const isIdle = !this.#lanes.isBusy(channel);
    if (isIdle && !seen?.has(channel) && hear(message, this.#options.self) === 'nobody') {
      done();
      return;
    }
    this.#lanes.run(channel, async () => {
      const { dealt, forUs } = await this.#take(message);
      if (!dealt) return;
      if (forUs || seen?.has(channel)) seen?.mark(channel, message.id, guild);
      done();
    });
  }

  async #take(message: HeardMessage): Promise<{ readonly dealt: boolean; readonly forUs: boolean }> {
    let forUs = false;
    const dealt = await this.#patiently(async () => {
      forUs = await this.#options.intake.take(message);
    });
    return { dealt, forUs };
  }

  async #deleted(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#corrections.deleted(id);
  }

  #channelGone(channel: string, done: () => void, { id }: ShardAt): void {
    this.#options.directory.forget(channel);
    this.#inLane(
      channel,
      async () => {
        this.#seen.get(id)?.forget(channel);
        await this.#departures.channelGone(channel);
      },
      done,
    );
  }

  #inLane(key: string, work: () => Promise<void>, done: () => void): void {
    this.#lanes.run(key, async () => {
      if (await this.#patiently(work)) done();
    });
  }

  #patiently(work: () => Promise<void>): Promise<boolean> {
    const { clock, logger } = this.#options.services;
    return patiently(work, { clock, logger, signal: this.#stopping.signal });
  }
}
