import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { OpenAiApiAdapter } from '../adapters/openai-api/openai-api-adapter.js';
import { openAiRoutes } from '../adapters/openai-api/routes.js';
import { type HttpServer, startHttpServer } from '../adapters/web/http-server.js';
import { WebAdapter } from '../adapters/web/web-adapter.js';
import type { WebServices } from '../adapters/web/web-services.js';
import { type CharacterBank, loadBank } from '../characters/bank.js';
import { RapportError } from '../config/errors.js';
import type { LoadedConfig } from '../config/load.js';
import { type Locale, loadLocale, type Say } from '../config/locale.js';
import type { Config } from '../config/schema.js';
import { loadStrategies } from '../config/strategies.js';
import { createEmbeddedModel, type EmbeddedChatModel } from '../inference/embedded/embedded-chat-model.js';
import { createModelRouter, needsEmbedded } from '../inference/model-router.js';
import { readAspectPhrases } from '../inference/onnx/aspect-phrases.js';
import { loadSeedSelector } from '../inference/onnx/characterchat/load-seed-selector.js';
import { EncoderMemorySelector } from '../inference/onnx/encoder-memory-selector.js';
import {
  loadTrainedScorers,
  type ScorerFolders,
  type ScorerStatus,
} from '../inference/onnx/load-trained-scorers.js';
import { createMatcher, type Matcher } from '../inference/onnx/persona-score/create-matcher.js';
import { SentenceEncoder } from '../inference/onnx/sentence-encoder.js';
import type { TrainedReplyRanker } from '../inference/onnx/trained-reply-ranker.js';
import { createRemoteModel, type RemoteModel } from '../inference/remote/remote-model.js';
import { createCare } from '../src/care/care.js';
import { systemClock, systemRandom } from '../src/clock.js';
import type { CommandServices } from '../src/commands/command-services.js';
import type { PlatformAdapter, PlatformName } from '../src/delivery/adapter.js';
import { RateBuckets } from '../src/delivery/rate-bucket.js';
import type { EmotionClassifier } from '../src/emotion/emotion-classifier.js';
import { LearningPersonaScorer } from '../src/matching/learning-persona-scorer.js';
import { LexicalPersonaScorer } from '../src/matching/lexical-persona-scorer.js';
import type { PersonaScorer } from '../src/matching/persona-scorer.js';
import { SteadyPersonaScorer } from '../src/matching/steady-persona-scorer.js';
import { LexicalMemorySelector } from '../src/memory/lexical-memory-selector.js';
import type { MemorySelector } from '../src/memory/memory-selector.js';
import { SteadyMemorySelector } from '../src/memory/steady-memory-selector.js';
import type { ModelRouter } from '../src/prompting/chat-model.js';
import { tokenEstimate } from '../src/prompting/token-estimate.js';
import { SessionEvents } from '../src/session/session-events.js';
import { SessionManager } from '../src/session/session-manager.js';
import { openEmbeddedStore } from '../src/state/embedded/embedded-store.js';
import { openRedisStore } from '../src/state/redis/redis-store.js';
import type { Store } from '../src/state/store.js';
import { loadSteering } from '../src/steering/steering-table.js';
import { StagePriorPlanner } from '../src/strategy/stage-prior-planner.js';
import { SteadyStrategyPlanner } from '../src/strategy/steady-strategy-planner.js';
import type { StrategyPlanner } from '../src/strategy/strategy-planner.js';
import { loadAttributes } from '../src/style/attributes.js';
import type { Logger } from '../src/telemetry/logger.js';
import { createMetrics } from '../src/telemetry/metrics.js';
import { TurnRunner } from '../src/turn/turn-runner.js';
import type { TurnServices } from '../src/turn/turn-services.js';
import { chatPlatforms } from './chat-platforms.js';
import { bankPaths, resolvePath } from './paths.js';
import { version } from './version.js';

export function loadCharacters({ config }: LoadedConfig): CharacterBank {
  return loadBank(bankPaths(config));
}

export function openStore({ config, secrets }: LoadedConfig): Promise<Store> {
  const { transcriptCap, dedupeHours, synchronous } = config.state;
  const common = { clock: systemClock, transcriptCap, dedupeMs: dedupeHours * 3_600_000 };
  return secrets.REDIS_URL
    ? openRedisStore({ ...common, url: secrets.REDIS_URL })
    : openEmbeddedStore({ ...common, dataDir: resolve(config.data.dir), synchronous });
}

export interface Scorers {
  readonly scorer: PersonaScorer;
  /** What the learned fit comes from; null where matching fell back to shared words. */
  readonly matcher: Matcher | null;
  readonly selector: MemorySelector;
  readonly planner: StrategyPlanner;
  /** Null where no emotion is read. */
  readonly emotion: EmotionClassifier | null;
  /** Null where sampled replies are ranked without one. */
  readonly replyRanker: TrainedReplyRanker | null;
  /** The trained scorers, each with what decides in its place where it cannot be loaded. */
  readonly trained: readonly ScorerStatus[];
  /** Null where matching and memory fell back to shared words. */
  readonly encoder: SentenceEncoder | null;
  /** Why they fell back. */
  readonly problem: RapportError | null;
  close(): Promise<void>;
}

/** Matching and memory by the sentence encoder; by shared words where its files cannot be used. */
export async function createScorers(config: Config, say: Say, logger: Logger): Promise<Scorers> {
  const folder = resolvePath(config.scorers.encoder);
  const { personaScore, memorySelector } = config.models;
  const seedSelector = memorySelector.kind === 'characterchat-bert' ? resolvePath(memorySelector.path) : null;
  const lexical = new LexicalPersonaScorer(say, config.matching.weights);
  const table = loadStrategies();
  const planner = new StagePriorPlanner(table);
  try {
    const encoder = new SentenceEncoder(folder);
    await encoder.warm();
    const zeroShot = new EncoderMemorySelector({ encoder, phrases: readAspectPhrases(folder) });
    const { status, close, ...trained } = await loadTrainedScorers(encoder, scorerFolders(config), {
      selector: zeroShot,
      planner,
      table,
    });
    for (const { name, kind, problem } of status)
      if (problem)
        logger.warn(
          { code: problem.code, cure: problem.cure },
          `${problem.message} ${name}: ${kind} instead.`,
        );
    const matcher = await createMatcher({
      encoder,
      weights: config.matching.weights,
      personaScore: { ...personaScore, path: resolvePath(personaScore.path) },
      say,
      dataDir: resolve(config.data.dir),
      logger,
      interim: lexical,
    });
    const seeds = await loadSeedSelector(seedSelector, logger);
    return {
      scorer: matcher.scorer,
      matcher,
      ...trained,
      selector: seeds.selector ?? trained.selector,
      trained: seeds.status
        ? [seeds.status, ...status.filter(({ name }) => name !== seeds.status?.name)]
        : status,
      encoder,
      problem: null,
      close: async () => {
        await seeds.selector?.close();
        await close();
        await matcher.close();
        await encoder.close();
      },
    };
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    logger.warn(
      { code: error.code, cure: error.cure },
      `${error.message} Matching and memory use shared words instead.`,
    );
    return {
      scorer: lexical,
      matcher: null,
      selector: new LexicalMemorySelector(),
      planner,
      emotion: null,
      replyRanker: null,
      trained: [],
      encoder: null,
      problem: error,
      close: async () => undefined,
    };
  }
}

function scorerFolders({ scorers, model }: Config): ScorerFolders {
  const place = (folder: string): string => (folder === 'off' ? folder : resolvePath(folder));
  return {
    supportEncoder: resolvePath(scorers.supportEncoder),
    memorySelector: place(scorers.memorySelector),
    strategyPlanner: place(scorers.strategyPlanner),
    emotion: place(scorers.emotion),
    replyRanker: needsEmbedded(model) ? place(scorers.replyRanker) : 'off',
  };
}

export interface Models {
  readonly router: ModelRouter;
  /** Remote models by endpoint name, for doctor. */
  readonly remotes: ReadonlyMap<string, RemoteModel>;
  /** The embedded model, created when first asked for. */
  readonly embedded: () => EmbeddedChatModel;
  close(): Promise<void>;
}

export function createModels(
  { config, secrets }: LoadedConfig,
  ranking: Pick<Scorers, 'encoder' | 'replyRanker'> | null,
  logger: Logger,
): Models {
  const { model } = config;
  const remotes = new Map<string, RemoteModel>();
  for (const [name, { urls, maxConcurrent, tokenizer }] of Object.entries(model.endpoints)) {
    if (urls.length === 0) continue;
    remotes.set(
      name,
      createRemoteModel({
        name,
        urls,
        apiKey: secrets.MODEL_API_KEY,
        timeouts: model.timeouts,
        breaker: model.breaker,
        maxConcurrent,
        tokenizer: tokenizer === undefined ? undefined : resolvePath(tokenizer),
        tokenizerModel: model.default.name || undefined,
        fallback: tokenEstimate,
        logger,
      }),
    );
  }
  let own: EmbeddedChatModel | null = null;
  const embedded = (): EmbeddedChatModel => {
    const { model: place, candidates, threads } = model.embedded;
    const folder = resolvePath(place);
    own ??= createEmbeddedModel({
      model: existsSync(folder) ? folder : place,
      dataDir: resolve(config.data.dir),
      candidates,
      threads,
      encoder: ranking?.encoder ?? undefined,
      ranker: ranking?.replyRanker ?? undefined,
      logger,
      clock: systemClock,
    });
    return own;
  };
  const router = createModelRouter({ config: model, remote: (name) => remotes.get(name) ?? null, embedded });
  return { router, remotes, embedded, close: async () => own?.close() };
}

/** Everything that answers people, without a server around it. */
export interface Core {
  readonly loaded: LoadedConfig;
  readonly bank: CharacterBank;
  readonly locale: Locale;
  readonly store: Store;
  readonly scorers: Scorers;
  readonly models: Models;
  readonly services: TurnServices;
  readonly sessions: SessionManager;
  readonly events: SessionEvents;
  /** What is served. */
  readonly platforms: readonly PlatformName[];
  /** Lets running turns finish for `graceMs`, then closes everything. */
  close(graceMs: number): Promise<void>;
}

/** Makes the adapters of the platforms that are served; what people do beside talking goes through the services. */
export type AdapterFactory = (services: CommandServices) => readonly PlatformAdapter[];

/** Plugs the core together for the platforms that `makeAdapters` names and takes up what an earlier process left. */
export async function composeCore(
  loaded: LoadedConfig,
  makeAdapters: AdapterFactory,
  logger: Logger,
): Promise<Core> {
  const { config } = loaded;
  const locale = loadLocale(config.locale);
  const bank = loadCharacters(loaded);
  const store = await openStore(loaded);
  const scorers = await createScorers(config, locale.say, logger);
  const models = createModels(loaded, scorers, logger);
  const metrics = createMetrics();
  const clock = systemClock;
  const services: TurnServices = {
    bank,
    store,
    config,
    clock,
    logger,
    metrics,
    router: models.router,
    scorer: new LearningPersonaScorer({
      inner: new SteadyPersonaScorer(
        scorers.scorer,
        new LexicalPersonaScorer(locale.say, config.matching.weights),
        logger,
      ),
      store,
      matching: config.matching,
      clock,
      random: systemRandom,
      logger,
    }),
    selector: new SteadyMemorySelector(scorers.selector, new LexicalMemorySelector(), logger),
    planner: new SteadyStrategyPlanner(scorers.planner, new StagePriorPlanner(loadStrategies()), logger),
    emotion: scorers.emotion,
    steering: loadSteering(),
    attributes: loadAttributes(),
    care: createCare(config.care, locale.say),
    say: locale.say,
    random: systemRandom,
  };
  const events = new SessionEvents();
  const byName = new Map<PlatformName, PlatformAdapter>();
  const turns = new TurnRunner({ services, adapters: byName, buckets: new RateBuckets(clock), events });
  const sessions = new SessionManager({
    store,
    turns,
    platforms: byName,
    config,
    clock,
    random: systemRandom,
    logger,
    metrics,
  });
  const adapters = makeAdapters({ ...services, sessions, events });
  for (const adapter of adapters) byName.set(adapter.name, adapter);
  const close = async (graceMs: number): Promise<void> => {
    await sessions.close(graceMs);
    for (const adapter of adapters) await adapter.stop();
    await models.close();
    await scorers.close();
    await store.close();
  };
  try {
    for (const adapter of adapters) await adapter.start((message) => sessions.receive(message));
    await sessions.start();
  } catch (error) {
    await close(0);
    throw error;
  }
  return {
    loaded,
    bank,
    locale,
    store,
    scorers,
    models,
    services,
    sessions,
    events,
    platforms: [...byName.keys()],
    close,
  };
}

export interface Server {
  readonly core: Core;
  readonly http: HttpServer;
  close(graceMs: number): Promise<void>;
}

/** The whole platform: core, HTTP server and every configured adapter. */
export async function composeServer(loaded: LoadedConfig, logger: Logger): Promise<Server> {
  const web = new WebAdapter(systemClock.now);
  const api = new OpenAiApiAdapter(systemClock.now);
  const chat = await chatPlatforms(loaded);
  const core = await composeCore(loaded, (services) => [web, api, ...chat(services)], logger);
  let closing = false;
  const services: WebServices = {
    ...core.services,
    version,
    apiKey: loaded.secrets.RAPPORT_API_KEY ?? null,
    sessions: core.sessions,
    events: core.events,
    locale: core.locale,
    ready: async () => !closing && (await core.store.health()).ok,
  };
  try {
    const http = await startHttpServer(services, web, openAiRoutes(services, api));
    return {
      core,
      http,
      close: async (graceMs) => {
        closing = true;
        await core.close(graceMs);
        await http.stop();
      },
    };
  } catch (error) {
    await core.close(0);
    throw error;
  }
}
