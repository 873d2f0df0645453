import { setMaxListeners } from 'node:events';
import type { API } from '@discordjs/core/http-only';
import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10';
import { framesOf, isRapportError, kindOf, RapportError, reasonOf } from '../../../config/errors.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { KeyedQueue } from '../../../src/keyed-queue.js';
import { retry } from '../../../src/retry.js';
import type { ChannelDirectory } from '../channel-facts.js';
import type { ShardAt } from '../gateway/gateway.js';
import { createdAt } from '../ids.js';
import type { InteractionHandler } from '../interactions/context.js';
import type { Locales } from '../locales.js';
import { isPassing, waitOf } from '../send/refusals.js';
import type { Departures } from './departures.js';
import type { Intake } from './intake.js';
import { BackFill, LastSeen } from './last-seen.js';
import { MessageChanges } from './message-changes.js';
import { ProxiedMessages } from './proxied-messages.js';
import { type HeardMessage, hear, type Self } from './read-message.js';

export interface EventRouterOptions {
  readonly api: Pick<API, 'channels'>;
  readonly services: CommandServices;
  readonly intake: Intake;
  readonly directory: ChannelDirectory;
  readonly locales: Locales;
  readonly departures: Departures;
  readonly interactions: InteractionHandler;
  readonly self: Self;
  /** Pause between two writes of where the channels were read to, ms. */
  readonly writeEveryMs: number;
}

/** Tries of something that Discord or the network fails at, over about five minutes. */
const maxTries = 14;
const longestWaitMs = 30_000;
/** A message may be made one for the bot for so long after it was written, by an edit, ms. */
const mayCallMs = 600_000;

/**
 * Brings every event of the gateway to whom it concerns: interactions at once, everything about a channel in the order it
 * happened there, and tells the gateway when it is recorded.
 */
export class EventRouter {
  readonly #options: EventRouterOptions;
  readonly #queue = new KeyedQueue();
  readonly #seen = new Map<number, LastSeen>();
  readonly #backFill: BackFill;
  readonly #changes: MessageChanges;
  readonly #proxied: ProxiedMessages;
  readonly #stopping = new AbortController();

  constructor(options: EventRouterOptions) {
    const { api, services, intake, directory, locales } = options;
    const { config, clock, logger } = services;
    this.#options = options;
    // A crowd's events wait side by side.
    setMaxListeners(0, this.#stopping.signal);
    this.#backFill = new BackFill({ api, maxAgeMs: config.discord.backfillMinutes * 60_000, clock, logger });
    this.#proxied = new ProxiedMessages(config.discord.proxyBots, clock);
    this.#changes = new MessageChanges({ services, intake, directory, locales });
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
      this.#queue.run(channel.channel, async () => {
        if (this.#stopping.signal.aborted) return;
        const outcome = await this.#backFill.run(channel, async (message) => {
          const { dealt } = await this.#take(message);
          if (dealt) seen?.mark(channel.channel, message.id, channel.guild);
        });
        if (outcome === 'gone') seen?.forget(channel.channel);
      });
  }

  /** One event. Never throws. @param done called once nothing of it can be lost any more. */
  dispatch(event: GatewayDispatchPayload, done: () => void, shard: ShardAt): void {
    const payload = withoutNullGuild(event);
    switch (payload.t) {
      case GatewayDispatchEvents.Ready: {
        const guilds = payload.d.guilds.map(({ id }) => id);
        this.#inOrder(`shard:${shard.id}`, () => this.#options.departures.arrived(guilds, shard), done);
        return;
      }
      case GatewayDispatchEvents.Resumed:
        this.#options.departures.resumed(shard);
        break;
      case GatewayDispatchEvents.InteractionCreate:
        this.#options.locales.learn(payload.d);
        void this.#options.interactions.handle(payload.d);
        break;
      case GatewayDispatchEvents.MessageCreate:
        this.#message(payload.d, done, shard);
        return;
      case GatewayDispatchEvents.MessageUpdate:
        if (!this.#options.intake.sessionOf(payload.d.id)) {
          if (!this.#callsNow(payload.d)) break;
          this.#message(payload.d, done, shard);
          return;
        }
        this.#inOrder(payload.d.channel_id, () => this.#changes.edited(payload.d), done);
        return;
      case GatewayDispatchEvents.MessageDelete:
        this.#proxied.deleted(payload.d.id);
        if (!this.#options.intake.sessionOf(payload.d.id) && !this.#queue.isBusy(payload.d.channel_id)) break;
        this.#inOrder(payload.d.channel_id, () => this.#changes.deleted(payload.d.id), done);
        return;
      case GatewayDispatchEvents.MessageDeleteBulk:
        this.#inOrder(payload.d.channel_id, () => this.#deleted(payload.d.ids), done);
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
      case GatewayDispatchEvents.GuildCreate: {
        const { id, preferred_locale } = payload.d;
        this.#options.locales.learnGuild(id, preferred_locale);
        this.#inOrder(id, () => this.#options.departures.back(id), done);
        return;
      }
      case GatewayDispatchEvents.GuildUpdate:
        this.#options.locales.learnGuild(payload.d.id, payload.d.preferred_locale);
        break;
      case GatewayDispatchEvents.GuildDelete: {
        const { id, unavailable } = payload.d;
        if (unavailable) break;
        this.#inOrder(id, () => this.#options.departures.left(id), done);
        return;
      }
      default:
    }
    done();
  }

  /** Takes nothing more on; what is being recorded is finished. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the adapter stops'));
    await this.#queue.idle();
    await Promise.all([...this.#seen.values()].map((seen) => seen.flush()));
  }

  #message(message: HeardMessage, done: () => void, shard: ShardAt): void {
    const { channel_id: channel, guild_id: guild } = message;
    const seen = this.#seen.get(shard.id);
    const isIdle = !this.#queue.isBusy(channel);
    const mayCall =
      hear(message, this.#options.self) !== 'nobody' ||
      message.mention_roles.length > 0 ||
      this.#proxied.isRepeated(message);
    if (isIdle && !seen?.has(channel) && !mayCall) {
      done();
      return;
    }
    const arrivedAt = this.#options.services.clock.elapsed();
    this.#queue.run(channel, async () => {
      const meant = await this.#proxied.settle(message, arrivedAt, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      const { dealt, forUs } = meant ? await this.#take(meant) : { dealt: true, forUs: false };
      if (!dealt) return;
      if (forUs || seen?.has(channel)) seen?.mark(channel, message.id, guild);
      done();
    });
  }

  /** Whether a message that was not for us when it was written is since it was edited. */
  #callsNow(message: HeardMessage): boolean {
    const { self, services } = this.#options;
    // Discord also says so when it has found the preview of a link, and may then leave things out.
    if (!message.edited_timestamp || !message.author || message.content === undefined) return false;
    if (services.clock.now() - createdAt(message.id) > mayCallMs) return false;
    const hearing = hear(message, self);
    return hearing === 'direct' || hearing === 'addressed';
  }

  async #take(message: HeardMessage): Promise<{ readonly dealt: boolean; readonly forUs: boolean }> {
    let forUs = false;
    const dealt = await this.#untilDone(async () => {
      forUs = await this.#options.intake.take(message);
    });
    return { dealt, forUs };
  }

  async #deleted(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#changes.deleted(id);
  }

  #channelGone(channel: string, done: () => void, { id }: ShardAt): void {
    this.#options.directory.forget(channel);
    this.#inOrder(
      channel,
      async () => {
        this.#seen.get(id)?.forget(channel);
        await this.#changes.channelGone(channel);
      },
      done,
    );
  }

  #inOrder(key: string, work: () => Promise<void>, done: () => void): void {
    this.#queue.run(key, async () => {
      if (await this.#untilDone(work)) done();
    });
  }

  /**
   * Does something until it is done: waits for the store for as long as it takes, for Discord for some minutes. What cannot be
   * helped by waiting is logged and counts as done.
   * @returns false where the process ends first: whoever comes next must do it.
   */
  async #untilDone(work: () => Promise<void>): Promise<boolean> {
    const { clock, logger } = this.#options.services;
    const { signal } = this.#stopping;
    let isHopeless = false;
    if (signal.aborted) return false;
    try {
      await retry(work, async (error, tries) => {
        if (isRapportError(error, 'RAPPORT_E_SHUTTING_DOWN')) return false;
        isHopeless = !canPass(error, tries);
        if (isHopeless) {
          logger.error(
            { tries, reason: kindOf(error), stack: framesOf(error) },
            'an event of Discord could not be dealt with',
          );
          return false;
        }
        logger.warn({ tries, reason: reasonOf(error) }, 'an event of Discord must wait; trying again');
        const wait = Math.max(waitOf(error), Math.min(longestWaitMs, 250 * 2 ** (tries - 1)));
        await clock.sleep(wait, signal).catch(() => undefined);
        return !signal.aborted;
      });
      return true;
    } catch {
      return isHopeless;
    }
  }
}

/** Whether waiting can help: always where the store is away, for a while where Discord or the network failed. */
function canPass(error: unknown, tries: number): boolean {
  if (isRapportError(error, 'RAPPORT_E_STORE_UNAVAILABLE')) return true;
  return !(error instanceof RapportError) && isPassing(error) && tries < maxTries;
}

/** An event of a direct message may name its server as null in place of not naming one. */
function withoutNullGuild(event: GatewayDispatchPayload): GatewayDispatchPayload {
  const { d } = event;
  if (typeof d !== 'object' || d === null || !('guild_id' in d) || (d.guild_id as unknown) !== null)
    return event;
  const { guild_id: _, ...data } = d;
  return { ...event, d: data } as GatewayDispatchPayload;
}
