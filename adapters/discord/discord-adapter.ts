import type { API } from '@discordjs/core/http-only';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { CommandServices } from '../../src/commands/command-services.js';
import { heedStop } from '../../src/commands/stop-reply.js';
import type {
  AdapterCapabilities,
  InboundHandler,
  OutgoingMessage,
  PlatformAdapter,
  Receipt,
  ReplyAddress,
} from '../../src/delivery/adapter.js';
import { deliveryRefused } from '../../src/delivery/refusal.js';
import type { Alert, AlertPlace } from '../../src/state/alert.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { readAddress, readReceiptId } from './address.js';
import { createApi, type RequestPace } from './api.js';
import { ChannelDirectory } from './channel-facts.js';
import { Gateway, type GatewayTimes, gatewayTimes } from './gateway/gateway.js';
import { createShardMetrics, watchEventLoop } from './gateway/gateway-health.js';
import { type Identity, identityOf } from './gateway/identity.js';
import { TwinWatch } from './gateway/twin-watch.js';
import { Departures } from './intake/departures.js';
import { EventRouter } from './intake/event-router.js';
import { Intake } from './intake/intake.js';
import { NoticeSender } from './intake/notice-sender.js';
import { RefusedReplies } from './intake/refused-replies.js';
import { createInteractions } from './interactions/create-interactions.js';
import { Locales } from './locales.js';
import { OwnRoles } from './own-roles.js';
import { postAlert } from './send/alerts.js';
import { mayHaveFace } from './send/channel-sender.js';
import { textUnits } from './send/message-text.js';
import { Sender } from './send/sender.js';

export interface DiscordAdapterOptions {
  readonly services: CommandServices;
  /** DISCORD_TOKEN. */
  readonly token: string;
  /** Shortened by tests. */
  readonly times?: Partial<GatewayTimes>;
}

/** Discord as it is right now. */
export interface DiscordStatus {
  /** `refused`: Discord does not let the bot in, see `problem`. */
  readonly state: 'stopped' | 'starting' | 'connected' | 'standby' | 'refused';
  readonly shards: Readonly<Record<string, string>>;
  readonly problem: RapportError | null;
}

/** What exists once Discord has said who the bot is. */
interface Connected {
  readonly identity: Identity;
  readonly sender: Sender;
  readonly gateway: Gateway;
  readonly router: EventRouter;
  readonly departures: Departures;
}

/**
 * Discord: gateway in, REST out. Direct messages and threads are conversations; characters speak under their own name and
 * face where webhooks are allowed.
 */
export class DiscordAdapter implements PlatformAdapter {
  readonly name = 'discord';
  readonly capabilities: AdapterCapabilities;
  readonly #options: DiscordAdapterOptions;
  readonly #times: GatewayTimes;
  readonly #logger: Logger;
  readonly #api: API;
  readonly #twins: TwinWatch;
  readonly #botPace: RequestPace;
  readonly #webhookPace: RequestPace;
  readonly #stopping = new AbortController();
  #connected: Connected | null = null;
  #connecting: Promise<void> = Promise.resolve();
  #problem: RapportError | null = null;
  #endWatch = (): void => undefined;

  constructor(options: DiscordAdapterOptions) {
    const { services, token, times } = options;
    const { config, store, clock } = services;
    const { editIntervalMs, placeholderAfterMs, faces, apiUrl, requestsPerSecond } = config.discord;
    this.#options = options;
    this.#times = { ...gatewayTimes, ...times };
    this.#logger = services.logger.child({ platform: 'discord' });
    this.#twins = new TwinWatch({ store, clock, logger: this.#logger });
    const { api, botPace, webhookPace } = createApi({
      token,
      apiUrl,
      requestsPerSecond,
      onCreated: (id) => this.#twins.sent(id),
      clock,
      logger: this.#logger,
    });
    this.#api = api;
    this.#botPace = botPace;
    this.#webhookPace = webhookPace;
    this.capabilities = {
      maxChars: textUnits,
      canEdit: true,
      minEditIntervalMs: editIntervalMs,
      rate: { burst: 5, refillMs: editIntervalMs },
      // Webhooks know no nonce; a post that may have been accepted is looked for before it is made again.
      idempotentSend: faces === 'prefix',
      fences: true,
      typing: true,
      placeholderAfterMs,
    };
  }

  get status(): DiscordStatus {
    const states = this.#connected?.gateway.states ?? new Map<number, string>();
    const shards = Object.fromEntries([...states].map(([id, state]) => [String(id), state]));
    const all = Object.values(shards);
    const isStandby = all.length > 0 && all.every((state) => state === 'standby');
    const isReady = all.length > 0 && all.every((state) => state === 'ready' || state === 'standby');
    const live = isStandby ? 'standby' : isReady ? 'connected' : 'starting';
    const state = this.#problem ? 'refused' : this.#stopping.signal.aborted ? 'stopped' : live;
    return { state, shards, problem: this.#problem };
  }

  /**
   * Connects. Resolves once Discord has said who the bot is; where Discord cannot be reached, at once: it is asked again
   * until it can.
   * @throws RapportError RAPPORT_E_DISCORD_TOKEN
   */
  async start(handler: InboundHandler): Promise<void> {
    try {
      this.#open(await identityOf(this.#api), handler);
    } catch (error) {
      if (error instanceof RapportError) throw error;
      this.#logger.warn(
        { reason: reasonOf(error) },
        'Discord cannot be reached; trying again in the background',
      );
      this.#connecting = this.#keepTrying(handler);
    }
    this.#endWatch = watchEventLoop(this.#logger);
  }

  /** Leaves the gateway so that nothing is missed until the next start, and finishes recording what has come. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the adapter stops'));
    this.#endWatch();
    this.#twins.stop();
    await this.#connecting;
    // First the recording: what it finishes is then part of the gateway state that is stored last.
    await this.#connected?.router.stop();
    await this.#connected?.gateway.stop();
    await this.#connected?.departures.stop();
  }

  post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    return this.#sender().then((sender) => sender.post(address, message, nonce));
  }

  async edit(address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    if (!message.final) await heedStop(this.#options.services, message);
    return this.#sender().then((sender) => sender.edit(address, receipt, message));
  }

  /** Growing text waits where many conversations share one of Discord's limits. */
  allowsEdit({ channel }: ReplyAddress, { platformMessageId }: Receipt): boolean {
    const placed = readReceiptId(platformMessageId);
    if (placed.kind === 'response') return true;
    return (placed.webhook === undefined ? this.#botPace : this.#webhookPace).grant(channel);
  }

  /** A crowd's replies are posted when they are whole. */
  allowsPost(address: ReplyAddress): boolean {
    const to = readAddress(address);
    if (to.kind === 'interaction') return true;
    const { config } = this.#options.services;
    const readsContent = this.#connected?.gateway.readsContent ?? false;
    return (mayHaveFace(to, config, readsContent) ? this.#webhookPace : this.#botPace).grant(to.channel);
  }

  findReceipt(address: ReplyAddress, nonce: string): Promise<Receipt | null> {
    return this.#sender().then((sender) => sender.findReceipt(address, nonce));
  }

  alert(place: AlertPlace, alert: Alert): Promise<void> {
    return postAlert(this.#api, place, alert);
  }

  /** A thread that was just opened is a sign by itself: where requests are scarce it is the only one. */
  async typing(address: ReplyAddress): Promise<void> {
    const to = readAddress(address);
    const isNewThread = to.kind === 'channel' && to.starter !== undefined;
    if (isNewThread && !this.#botPace.grant(to.channel)) return;
    await this.#connected?.sender.typing(address);
  }

  async #sender(): Promise<Sender> {
    if (!this.#connected)
      throw deliveryRefused('discord', { reason: 'Discord has not been reached yet', retryAfterMs: 1_000 });
    return this.#connected.sender;
  }

  async #keepTrying(handler: InboundHandler): Promise<void> {
    const { clock } = this.#options.services;
    const { signal } = this.#stopping;
    while (!signal.aborted && !this.#connected) {
      await clock.sleep(this.#times.againMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        this.#open(await identityOf(this.#api), handler);
      } catch (error) {
        if (error instanceof RapportError) {
          this.#failed(error);
          return;
        }
        this.#logger.debug({ reason: reasonOf(error) }, 'Discord still cannot be reached');
      }
    }
  }

  #open(identity: Identity, receive: InboundHandler): void {
    if (this.#stopping.signal.aborted) return;
    const { services, token } = this.#options;
    const { config, store, clock, random, say } = services;
    const { applicationId, userId } = identity;
    const api = this.#api;
    const logger = this.#logger;
    const directory = new ChannelDirectory(api.channels);
    const locales = new Locales();
    const roles = new OwnRoles(api, userId, () => clock.elapsed());
    const notices = new NoticeSender({ api, store, logger });
    const refused = new RefusedReplies({ api, userId, notices, store, say, logger });
    const sender = new Sender({
      api,
      directory,
      applicationId,
      userId,
      store,
      config,
      say,
      clock,
      logger,
      readsContent: () => gateway.readsContent,
      onRefused: (address, message, error) => refused.tell(address, message, error),
    });
    const interactions = createInteractions({
      api,
      services,
      receive,
      config: config.discord,
      clock,
      logger,
      applicationId,
    });
    const intake = new Intake({
      api,
      services,
      receive,
      identity,
      directory,
      notices,
      locales,
      roles,
      readsContent: () => gateway.readsContent,
      onOurs: (id, at) => this.#twins.appeared(id, at),
    });
    const departures = new Departures(services);
    const router = new EventRouter({
      api,
      services,
      departures,
      intake,
      directory,
      locales,
      interactions,
      self: identity,
      writeEveryMs: this.#times.writeMs,
    });
    const metrics = createShardMetrics(services.metrics, () => gateway.states);
    const gateway: Gateway = new Gateway({
      token,
      identity,
      config: config.discord,
      leaseMs: config.state.leaseMs,
      gatewayInfo: () => api.gateway.getBot(),
      store,
      clock,
      random,
      logger,
      times: this.#times,
      on: {
        opening: (shard) => router.opening(shard),
        ready: (shard, resumed) => {
          if (!resumed) router.missed(shard);
        },
        dispatch: (payload, done, shard) => router.dispatch(payload, done, shard),
        heartbeat: (latencyMs, { id }) => metrics.heartbeat(id, latencyMs),
        failed: (error) => this.#failed(error),
      },
    });
    this.#connected = { identity, sender, gateway, router, departures };
    departures.start();
    logger.info({ bot: identity.userName, content: identity.mayReadContent }, 'Discord knows the bot');
    gateway.start();
    void interactions.register();
  }

  #failed(error: RapportError): void {
    this.#problem = error;
    this.#logger.error(
      { code: error.code, cure: error.cure },
      `Discord does not let the bot in: ${error.message}`,
    );
  }
}
