import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, loadLocale } from '../../app/settings.js';
import { loadBank } from '../../characters/bank.js';
import { loadAttributes } from '../../config/attributes.js';
import { loadCareWords } from '../../config/care-words.js';
import { loadHelplines } from '../../config/helplines.js';
import { packageRoot } from '../../config/root.js';
import type { Config } from '../../config/schema.js';
import { loadSteering } from '../../config/steering.js';
import { loadStrategies } from '../../config/strategies.js';
import { loadThemes } from '../../config/themes.js';
import { createCare } from '../../src/care/care.js';
import { LayeredJudge } from '../../src/care/layered-judge.js';
import { type Clock, systemClock, systemRandom } from '../../src/clock.js';
import type { AdapterCapabilities } from '../../src/delivery/adapter.js';
import { RateBuckets } from '../../src/delivery/rate-bucket.js';
import { StagePriorPlanner } from '../../src/guidance/stage-prior-planner.js';
import { messageId, type PersonId, personId, type SessionId, sessionId } from '../../src/ids.js';
import { LexicalPersonaScorer } from '../../src/matching/lexical-persona-scorer.js';
import { LexicalMemorySelector } from '../../src/memory/lexical-memory-selector.js';
import type { ModelRoute } from '../../src/prompting/chat-model.js';
import { type SessionEvent, SessionEvents } from '../../src/session/session-events.js';
import { SessionManager } from '../../src/session/session-manager.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { EarlierTalks } from '../../src/turn/earlier-talks.js';
import { TurnRunner } from '../../src/turn/turn-runner.js';
import type { TurnServices } from '../../src/turn/turn-services.js';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { PlatformDouble } from '../doubles/platform-double.js';
import { ScriptedModel } from './scripted-model.js';

export const bank = loadBank([join(packageRoot, 'characters/bank')]);
export const { say } = loadLocale('en');
const metrics = createMetrics();
const steering = loadSteering();
const attributes = loadAttributes();
const strategies = loadStrategies();
export const careTables = { helplines: loadHelplines(), words: loadCareWords() };
const { config: defaults } = loadConfig({}, tmpdir());

export const judge = new LayeredJudge({
  reader: null,
  secondReader: null,
  threshold: 0.5,
  clock: systemClock,
  logger: silentLogger,
});

export const ada: PersonId = personId('discord:ada');
export const talk: SessionId = sessionId('discord:dm-ada');

/** Message ids are unique over all worlds, as a platform's are over all processes. */
let messages = 0;

/** One process: a manager with its platform and model on a store that others may share. */
export class World {
  readonly platform: PlatformDouble;
  readonly model: ScriptedModel;
  readonly events = new SessionEvents();
  readonly seen: SessionEvent[] = [];
  readonly sessions: SessionManager;
  readonly services: TurnServices;

  constructor(
    readonly store: Store,
    options: WorldOptions = {},
  ) {
    this.model = options.model ?? new ScriptedModel();
    this.platform =
      options.platform ??
      new PlatformDouble(systemClock, {
        capabilities: {
          minEditIntervalMs: 0,
          rate: { burst: 100_000, refillMs: 1 },
          ...options.capabilities,
        },
      });
    const config: Config = {
      ...defaults,
      turn: { ...defaults.turn, ...options.turn },
      state: { ...defaults.state, leaseMs: 1_000, sweepMs: 100, ...options.state },
    };
    const route: ModelRoute = {
      id: 'scripted',
      model: this.model,
      modelName: 'scripted',
      format: 'chat',
      sampling: {},
      contextTokens: 8_192,
      controlTags: false,
      demo: false,
      ...options.route,
    };
    this.services = {
      bank,
      store,
      config,
      steering,
      attributes,
      say,
      metrics,
      router: { routeFor: () => route },
      scorer: new LexicalPersonaScorer(say, loadThemes()),
      selector: new LexicalMemorySelector(),
      planner: new StagePriorPlanner(strategies),
      care: createCare({ config: config.care, say, ...careTables, judge, store, clock: systemClock }),
      earlier: new EarlierTalks({
        store,
        meaning: null,
        clock: options.services?.clock ?? systemClock,
        steering,
        historyTurns: config.turn.historyTurns,
        waitMs: 30_000,
      }),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      ...options.services,
    };
    const turns = new TurnRunner({
      services: this.services,
      adapters: new Map([[this.platform.name, this.platform]]),
      buckets: new RateBuckets(systemClock),
      events: this.events,
    });
    this.sessions = new SessionManager({
      store,
      turns,
      config,
      metrics,
      platforms: new Set([this.platform.name]),
      clock: systemClock,
      random: systemRandom,
      logger: this.services.logger,
    });
    this.events.subscribe(talk, (event) => this.seen.push(event));
  }

  /** Receives a message without waiting for its answer. */
  post(text: string, change: Partial<InboundMessage> = {}): Promise<'recorded' | 'duplicate' | 'paused'> {
    messages += 1;
    return this.sessions.receive({
      kind: 'message',
      id: messageId(`m${messages}`),
      sessionId: talk,
      personId: ada,
      speakerName: 'Ada',
      text,
      at: systemClock.now(),
      address: { platform: 'discord', channel: 'dm' },
      shared: false,
      ...change,
    });
  }

  regenerate(): Promise<unknown> {
    return this.post('', { kind: 'regenerate', id: messageId(`again${messages}`) });
  }

  /** Receives a message and waits until nothing is left to do. @returns what the platform shows last */
  async tell(text: string, change: Partial<InboundMessage> = {}): Promise<string> {
    await this.post(text, change);
    await this.sessions.settled(change.sessionId ?? talk);
    return this.platform.visible.at(-1) ?? '';
  }

  async again(): Promise<string> {
    await this.regenerate();
    await this.sessions.settled(talk);
    return this.platform.visible.at(-1) ?? '';
  }

  async transcript(session: SessionId = talk): Promise<readonly TranscriptEntry[]> {
    return (await this.store.transcript.page(session, { limit: 500 })).entries;
  }

  /** The transcript as `role: text`. */
  async lines(session: SessionId = talk): Promise<string[]> {
    return (await this.transcript(session)).map(({ role, text }) => `${role}: ${text}`);
  }

  async session(id: SessionId = talk): Promise<SessionState> {
    const session = await this.store.sessions.get(id);
    if (!session) throw new Error(`there is no session ${id}`);
    return session;
  }

  /** What a stage of the last reply decided. */
  async decision(stage: string): Promise<Record<string, unknown>> {
    const reply = (await this.transcript()).findLast(({ trace }) => trace !== undefined);
    const found = reply?.trace?.stages.find((candidate) => candidate.stage === stage);
    if (!found) throw new Error(`the trace has no stage ${stage}`);
    return found.decision;
  }

  /** Opens the session with a character, as a page does. */
  async open(characterId: string, change: Partial<SessionState> = {}): Promise<void> {
    await this.store.sessions.create(
      {
        id: talk,
        platform: 'discord',
        ownerId: ada,
        shared: false,
        characterId,
        matchReasons: [{ facet: 'chosen', score: 1, text: 'You chose.' }],
        title: 'A talk',
        createdAt: systemClock.now(),
        updatedAt: systemClock.now(),
        turnCount: 0,
        steering: { sticky: null, queue: [] },
        recentAspects: [],
        recentStrategies: [],
        disclosed: true,
        address: { platform: 'discord', channel: 'dm' },
        ...change,
      },
      [],
    );
  }
}

export interface WorldOptions {
  readonly platform?: PlatformDouble;
  readonly model?: ScriptedModel;
  readonly capabilities?: Partial<AdapterCapabilities>;
  readonly turn?: Partial<Config['turn']>;
  readonly state?: Partial<Config['state']>;
  readonly route?: Partial<ModelRoute>;
  readonly services?: Partial<TurnServices>;
}

/** An embedded store in a folder of its own. */
export async function temporaryStore(clock: Clock = systemClock): Promise<{
  readonly store: Store;
  readonly dataDir: string;
  dispose(): Promise<void>;
}> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-world-'));
  const store = await openEmbeddedStore({ dataDir, clock });
  return {
    store,
    dataDir,
    dispose: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Something to wait for: resolves when `open` is called. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
