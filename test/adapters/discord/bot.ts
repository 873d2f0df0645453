import { tmpdir } from 'node:os';
import { DiscordAdapter } from '../../../adapters/discord/discord-adapter.js';
import type { GatewayTimes } from '../../../adapters/discord/gateway/gateway.js';
import { createHumans } from '../../../app/alerts.js';
import { loadConfig } from '../../../app/settings.js';
import { loadAttributes } from '../../../config/attributes.js';
import { loadCareWords } from '../../../config/care-words.js';
import { loadHelplines } from '../../../config/helplines.js';
import type { Config } from '../../../config/schema.js';
import { loadSteering } from '../../../config/steering.js';
import { loadStrategies } from '../../../config/strategies.js';
import { loadThemes } from '../../../config/themes.js';
import { createCare } from '../../../src/care/care.js';
import { type Clock, systemClock, systemRandom } from '../../../src/clock.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { PlatformAdapter, PlatformName } from '../../../src/delivery/adapter.js';
import { RateBuckets } from '../../../src/delivery/rate-bucket.js';
import { StagePriorPlanner } from '../../../src/guidance/stage-prior-planner.js';
import { LexicalPersonaScorer } from '../../../src/matching/lexical-persona-scorer.js';
import { LexicalMemorySelector } from '../../../src/memory/lexical-memory-selector.js';
import { SessionEvents } from '../../../src/session/session-events.js';
import { SessionManager } from '../../../src/session/session-manager.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { TurnRunner } from '../../../src/turn/turn-runner.js';
import type { Discord } from '../../doubles/discord/index.js';
import { ScriptedModel } from '../../session/scripted-model.js';
import { bank, judge, say, temporaryStore } from '../../session/world.js';

const { config: defaults } = loadConfig({}, tmpdir());
const steering = loadSteering();
const attributes = loadAttributes();
const strategies = loadStrategies();
const careTables = { helplines: loadHelplines(), words: loadCareWords() };

export interface BotOptions {
  readonly discord: Pick<Discord, 'apiUrl' | 'token' | 'port'>;
  /** Shared with other bots or later runs; a fresh one by default. */
  readonly store?: Store;
  readonly model?: ScriptedModel;
  readonly clock?: Clock;
  readonly config?: Partial<Config['discord']>;
  readonly state?: Partial<Config['state']>;
  readonly times?: Partial<GatewayTimes>;
  /** Who is told that somebody asks for a human being. */
  readonly humans?: Config['care']['humans'];
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One process of Rapport on Discord, as app/core.ts plugs it together, with a scripted model. */
export interface Bot {
  readonly adapter: DiscordAdapter;
  readonly services: CommandServices;
  readonly sessions: SessionManager;
  readonly store: Store;
  readonly model: ScriptedModel;
  /** What was logged, without debug lines. */
  readonly log: readonly LogLine[];
  /** Resolves once a line was logged that the pattern fits. */
  logged(pattern: RegExp): Promise<LogLine>;
  /** Resolves once every shard is ready. */
  connected(): Promise<void>;
  /** As SIGTERM does: replies finish for a while. */
  stop(graceMs?: number): Promise<void>;
}

export async function startBot(options: BotOptions): Promise<Bot> {
  const bot = await makeBot(options);
  await bot.start();
  await bot.connected();
  return bot;
}

/** A bot that has not begun to connect. */
export async function makeBot(options: BotOptions): Promise<Bot & { start(): Promise<void> }> {
  const { discord, model = new ScriptedModel(), clock = systemClock } = options;
  const temporary = options.store ? null : await temporaryStore(clock);
  const store = options.store ?? temporary?.store;
  if (!store) throw new Error('there is no store');
  const log: LogLine[] = [];
  const listeners = new Set<() => void>();
  const logger = recorder((line) => {
    log.push(line);
    for (const listener of listeners) listener();
  });
  const config: Config = {
    ...defaults,
    state: { ...defaults.state, leaseMs: 1_000, sweepMs: 200, ...options.state },
    delivery: { ...defaults.delivery, avatarUrl: 'https://faces.example/{code}.png' },
    discord: {
      ...defaults.discord,
      apiUrl: discord.apiUrl,
      faces: 'webhook',
      cdnHosts: [`127.0.0.1:${discord.port}`],
      ...options.config,
    },
  };
  const metrics = createMetrics();
  const events = new SessionEvents();
  const adapters = new Map<PlatformName, PlatformAdapter>();
  const humans = createHumans({
    config: options.humans ?? config.care.humans,
    store,
    say,
    clock,
    logger,
    adapters,
  });
  const base = {
    bank,
    humans,
    store,
    config,
    steering,
    attributes,
    say,
    metrics,
    router: {
      routeFor: () => ({
        id: 'scripted',
        model,
        modelName: 'scripted',
        format: 'chat' as const,
        sampling: {},
        contextTokens: 8_192,
        controlTags: false,
        demo: false,
      }),
    },
    scorer: new LexicalPersonaScorer(say, loadThemes()),
    selector: new LexicalMemorySelector(),
    planner: new StagePriorPlanner(strategies),
    care: createCare({ config: config.care, say, ...careTables, judge, store, clock }),
    clock,
    random: systemRandom,
    logger,
  };
  const turns = new TurnRunner({ services: base, adapters, buckets: new RateBuckets(clock), events });
  const sessions = new SessionManager({
    store,
    turns,
    config,
    metrics,
    platforms: adapters,
    clock,
    random: systemRandom,
    logger,
  });
  const services: CommandServices = { ...base, sessions, events };
  const adapter = new DiscordAdapter({
    services,
    token: discord.token,
    times: { identifyMs: 0, writeMs: 20, againMs: 50, ...options.times },
  });
  adapters.set('discord', adapter);
  const logged = (pattern: RegExp): Promise<LogLine> =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = log.find(({ message }) => pattern.test(message));
        if (!line) return;
        listeners.delete(look);
        resolve(line);
      };
      listeners.add(look);
      look();
    });
  return {
    adapter,
    services,
    sessions,
    store,
    model,
    log,
    logged,
    start: async () => {
      await adapter.start((message) => sessions.receive(message));
      await sessions.start();
    },
    connected: async () => {
      while (adapter.status.state !== 'connected')
        await new Promise<void>((resolve) => {
          const again = (): void => {
            listeners.delete(again);
            resolve();
          };
          listeners.add(again);
        });
    },
    stop: async (graceMs = 0) => {
      await sessions.close(graceMs);
      await adapter.stop();
      await temporary?.dispose();
    },
  };
}

function recorder(write: (line: LogLine) => void, bound: object = {}): Logger {
  const at =
    (level: LogLine['level']) =>
    (fields: object, message: string): void =>
      write({ level, message, fields: { ...bound, ...fields } });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (bindings) => recorder(write, { ...bound, ...bindings }),
  };
}
