import { slackManifest } from '../../../adapters/slack/manifest/manifest.js';
import { SlackAdapter } from '../../../adapters/slack/slack-adapter.js';
import { createHumans } from '../../../app/alerts.js';
import { loadLocale } from '../../../app/settings.js';
import type { Config } from '../../../config/schema.js';
import type { Secrets } from '../../../config/secrets.js';
import { type Clock, systemClock, systemRandom } from '../../../src/clock.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { PlatformAdapter, PlatformName } from '../../../src/delivery/adapter.js';
import { RateBuckets } from '../../../src/delivery/rate-bucket.js';
import type { SessionId } from '../../../src/ids.js';
import { SessionEvents } from '../../../src/session/session-events.js';
import { SessionManager } from '../../../src/session/session-manager.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { TurnRunner } from '../../../src/turn/turn-runner.js';
import type { TurnServices } from '../../../src/turn/turn-services.js';
import { type SlackDouble, startSlack } from '../../doubles/slack/slack.js';
import { ScriptedModel } from '../../session/scripted-model.js';
import { temporaryStore, World } from '../../session/world.js';

/** What a process has logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function recordingLogger(lines: LogLine[]): Logger {
  const at =
    (level: LogLine['level']) =>
    (fields: object, message: string): void => {
      lines.push({ level, fields: { ...fields }, message });
    };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

/** The system's clock with its wall time moved: what is due tomorrow is due now. */
export class ShiftedClock implements Clock {
  shiftMs = 0;
  now(): number {
    return Date.now() + this.shiftMs;
  }
  elapsed(): number {
    return systemClock.elapsed();
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}

export interface SlackWorldOptions {
  readonly slack?: Partial<Config['slack']>;
  readonly secrets?: Secrets;
  readonly clock?: Clock;
  readonly config?: (config: Config) => Config;
  readonly services?: Partial<Pick<TurnServices, 'bank' | 'library'>>;
  /** Wraps the store, to make it slow or fail. */
  readonly wrap?: (store: Store) => Store;
}

/** One Rapport process on a Slack and a store that others may share. */
export class SlackProcess {
  readonly model = new ScriptedModel();
  readonly log: LogLine[] = [];
  readonly services: CommandServices;
  readonly sessions: SessionManager;
  readonly adapter: SlackAdapter;
  #ended = false;

  constructor(
    readonly slack: SlackDouble,
    readonly store: Store,
    options: SlackWorldOptions = {},
  ) {
    const clock = options.clock ?? systemClock;
    const world = new World(store, { model: this.model });
    const wrapped = options.wrap?.(store) ?? store;
    const usual: Config = {
      ...world.services.config,
      slack: {
        ...world.services.config.slack,
        apiUrl: slack.apiUrl,
        port: 0,
        sockets: 1,
        editIntervalMs: 1,
        appendIntervalMs: 1,
        ...options.slack,
      },
      delivery: { ...world.services.config.delivery, avatarUrl: '' },
    };
    const config = options.config?.(usual) ?? usual;
    const logger = recordingLogger(this.log);
    const events = new SessionEvents();
    const adapters = new Map<PlatformName, PlatformAdapter>();
    const { say } = world.services;
    const humans = createHumans({ config: config.care.humans, store: wrapped, say, clock, logger, adapters });
    const turnServices = {
      ...world.services,
      config,
      clock,
      logger,
      store: wrapped,
      humans,
      ...options.services,
    };
    const turns = new TurnRunner({
      services: turnServices,
      adapters,
      buckets: new RateBuckets(clock),
      events,
    });
    this.sessions = new SessionManager({
      store: wrapped,
      turns,
      config,
      clock,
      logger,
      platforms: adapters,
      random: systemRandom,
      metrics: turnServices.metrics,
    });
    this.services = { ...turnServices, sessions: this.sessions, events };
    this.adapter = new SlackAdapter({
      services: this.services,
      secrets: options.secrets ?? { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken },
    });
    adapters.set('slack', this.adapter);
  }

  async start(): Promise<this> {
    await this.adapter.start((message) => this.sessions.receive(message));
    await this.sessions.start();
    return this;
  }

  /** As `rapport start` ends. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.sessions.close(2_000);
    await this.adapter.stop();
  }

  /** Waits until no turn of the conversation runs. */
  settled(session: SessionId): Promise<void> {
    return this.sessions.settled(session);
  }
}

/** Slack, a store and one process on them. */
export class SlackSetting {
  readonly #disposeStore: () => Promise<void>;

  private constructor(
    readonly slack: SlackDouble,
    readonly store: Store,
    readonly process: SlackProcess,
    disposeStore: () => Promise<void>,
  ) {
    this.#disposeStore = disposeStore;
  }

  static async open(
    options: SlackWorldOptions & { readonly prepare?: (slack: SlackDouble) => SlackWorldOptions } = {},
  ): Promise<SlackSetting> {
    const slack = await startSlack({ rates: false, ...(options.clock && { clock: options.clock }) });
    const manifest = slackManifest(loadLocale('en').say, { mode: 'socket', publicUrl: '', oauth: false });
    const { event_subscriptions: events } = manifest.settings as {
      event_subscriptions: { bot_events: string[] };
    };
    slack.cloud.app.subscriptions = events.bot_events;
    const { store, dispose } = await temporaryStore();
    const given = { ...options, ...options.prepare?.(slack) };
    const started = new SlackProcess(slack, store, given);
    const setting = new SlackSetting(slack, store, started, dispose);
    try {
      await started.start();
    } catch (error) {
      await setting.close();
      throw error;
    }
    return setting;
  }

  async close(): Promise<void> {
    await this.process.stop();
    await this.slack.close();
    await this.#disposeStore();
  }
}
