import { API } from '@discordjs/core/http-only';
import { REST } from '@discordjs/rest';
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { type APIInteraction, GatewayDispatchEvents, GatewayIntentBits } from 'discord-api-types/v10';
import { ChannelDirectory } from '../../../../adapters/discord/channel-facts.js';
import {
  createInteractions,
  type Interactions,
} from '../../../../adapters/discord/interactions/create-interactions.js';
import type { RegistrationReport } from '../../../../adapters/discord/interactions/registration.js';
import { Sender } from '../../../../adapters/discord/send/sender.js';
import type { Config } from '../../../../config/schema.js';
import { systemRandom } from '../../../../src/clock.js';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import type { PlatformAdapter } from '../../../../src/delivery/adapter.js';
import { RateBuckets } from '../../../../src/delivery/rate-bucket.js';
import type { SessionId } from '../../../../src/ids.js';
import { SessionEvents } from '../../../../src/session/session-events.js';
import { SessionManager } from '../../../../src/session/session-manager.js';
import type { SessionState, TranscriptEntry } from '../../../../src/state/session.js';
import type { Store } from '../../../../src/state/store.js';
import { type Logger, silentLogger } from '../../../../src/telemetry/logger.js';
import { TurnRunner } from '../../../../src/turn/turn-runner.js';
import type { Discord } from '../../../doubles/discord/index.js';
import type { ScriptedModel } from '../../../session/scripted-model.js';
import { World, type WorldOptions } from '../../../session/world.js';

export interface BotOptions {
  readonly store: Store;
  readonly config?: (defaults: Config) => Partial<Config>;
  readonly commandGuilds?: readonly string[];
  readonly services?: WorldOptions['services'];
}

interface Logged {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly words: string;
}

/** A process with the interactions of Discord, on the real gateway and REST clients, and the core behind it. */
export class Bot {
  readonly services: CommandServices;
  readonly model: ScriptedModel;
  readonly logged: Logged[] = [];
  /** The interactions that came, as Discord sent them. */
  readonly received: APIInteraction[] = [];
  readonly interactions: Interactions;
  readonly #sessions: SessionManager;
  readonly #gateway: WebSocketManager;
  readonly #rest: REST;
  readonly #handling = new Set<Promise<void>>();

  constructor(discord: Discord, { store, commandGuilds = [], ...options }: BotOptions) {
    const logger: Logger = {
      ...silentLogger,
      info: (fields, words) =>
        void this.logged.push({ fields: fields as Logged['fields'], words: String(words) }),
      warn: (fields, words) =>
        void this.logged.push({ fields: fields as Logged['fields'], words: String(words) }),
      error: (fields, words) =>
        void this.logged.push({ fields: fields as Logged['fields'], words: String(words) }),
      child: () => logger,
    };
    const { clock, applicationId, token, apiUrl, botId } = discord;
    const plain = new World(store).services.config;
    const config: Config = {
      ...plain,
      discord: { ...plain.discord, faces: 'prefix', cdnHosts: [`127.0.0.1:${discord.port}`] },
      ...options.config?.(plain),
    };
    const world = new World(store, { services: { clock, logger, config, ...options.services } });
    this.model = world.model;
    this.#rest = new REST({ version: '10', api: apiUrl, retries: 0 }).setToken(token);
    const api = new API(this.#rest);
    const events = new SessionEvents();
    const sender = new Sender({
      api,
      applicationId,
      store,
      config,
      clock,
      logger,
      directory: new ChannelDirectory(api.channels),
      userId: botId,
      say: world.services.say,
      readsContent: () => false,
      onRefused: () => undefined,
    });
    const adapter: PlatformAdapter = {
      name: 'discord',
      capabilities: {
        maxChars: 1_800,
        canEdit: true,
        minEditIntervalMs: 0,
        rate: { burst: 100_000, refillMs: 1 },
        idempotentSend: true,
        fences: true,
        typing: false,
      },
      start: async () => undefined,
      stop: async () => undefined,
      post: (address, message, nonce) => sender.post(address, message, nonce),
      edit: (address, receipt, message) => sender.edit(address, receipt, message),
      findReceipt: (address, nonce) => sender.findReceipt(address, nonce),
    };
    const turns = new TurnRunner({
      services: world.services,
      adapters: new Map([['discord', adapter]]),
      buckets: new RateBuckets(clock),
      events,
    });
    this.#sessions = new SessionManager({
      store,
      turns,
      config,
      clock,
      logger,
      platforms: new Set(['discord']),
      random: systemRandom,
      metrics: world.services.metrics,
    });
    this.services = { ...world.services, sessions: this.#sessions, events };
    this.interactions = createInteractions({
      api,
      services: this.services,
      receive: (message) => this.#sessions.receive(message),
      config: { commandGuilds },
      clock,
      logger,
      applicationId,
    });
    this.#gateway = new WebSocketManager({
      token,
      intents: GatewayIntentBits.Guilds,
      rest: this.#rest,
      // The SDK's own memory of sessions is one for all managers of a process.
      retrieveSessionInfo: () => null,
      updateSessionInfo: () => undefined,
      buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }),
    });
    this.#gateway.on(WebSocketShardEvents.Dispatch, (payload) => {
      if (payload.t !== GatewayDispatchEvents.InteractionCreate) return;
      this.received.push(payload.d);
      const handled = this.interactions.handle(payload.d).finally(() => this.#handling.delete(handled));
      this.#handling.add(handled);
    });
  }

  /** Connects, and registers the commands unless they were before. */
  async start(): Promise<RegistrationReport> {
    const ready = new Promise<void>((resolve) =>
      this.#gateway.once(WebSocketShardEvents.Ready, () => resolve()),
    );
    await this.#gateway.connect();
    await ready;
    return this.interactions.register();
  }

  /** Resolves once no interaction is being handled and no reply of the session is being written. */
  async settled(session?: SessionId): Promise<void> {
    while (this.#handling.size > 0) await Promise.all(this.#handling);
    if (session) await this.#sessions.settled(session);
  }

  async session(id: SessionId): Promise<SessionState> {
    const session = await this.services.store.sessions.get(id);
    if (!session) throw new Error(`there is no session ${id}`);
    return session;
  }

  async transcript(id: SessionId): Promise<readonly TranscriptEntry[]> {
    return (await this.services.store.transcript.page(id, { limit: 100 })).entries;
  }

  /** Ends like a process that is told to. */
  async stop(): Promise<void> {
    await this.settled();
    await this.#sessions.close(1_000);
    await this.#gateway.destroy({ code: 4_200 });
    this.#rest.clearHandlerSweeper();
    this.#rest.clearHashSweeper();
  }
}
