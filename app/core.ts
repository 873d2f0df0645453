import { type CharacterBank, configuredBank, importedCharacters } from '../characters/bank.js';
import { loadAttributes } from '../config/attributes.js';
import { loadCareWords } from '../config/care-words.js';
import { loadHelplines } from '../config/helplines.js';
import type { LoadedConfig } from '../config/load.js';
import type { Locale } from '../config/locale.js';
import { loadSteering } from '../config/steering.js';
import { loadStrategies } from '../config/strategies.js';
import { loadThemes } from '../config/themes.js';
import { createCare } from '../src/care/care.js';
import { LayeredJudge } from '../src/care/layered-judge.js';
import { warmRules } from '../src/care/rules/read-rules.js';
import { warmSaid } from '../src/care/said/read-said.js';
import { systemClock, systemRandom } from '../src/clock.js';
import type { CommandServices } from '../src/commands/command-services.js';
import type { PlatformAdapter, PlatformName } from '../src/delivery/adapter.js';
import { RateBuckets } from '../src/delivery/rate-bucket.js';
import { StagePriorPlanner } from '../src/guidance/stage-prior-planner.js';
import { FallbackStrategyPlanner } from '../src/guidance/strategy-planner.js';
import { LearningPersonaScorer } from '../src/matching/learning-persona-scorer.js';
import { LexicalPersonaScorer } from '../src/matching/lexical-persona-scorer.js';
import { FallbackPersonaScorer } from '../src/matching/persona-scorer.js';
import { LexicalMemorySelector } from '../src/memory/lexical-memory-selector.js';
import { FallbackMemorySelector } from '../src/memory/memory-selector.js';
import { Retention } from '../src/session/retention.js';
import { SessionEvents } from '../src/session/session-events.js';
import { SessionManager } from '../src/session/session-manager.js';
import type { Store } from '../src/state/store.js';
import type { Logger } from '../src/telemetry/logger.js';
import { createMetrics } from '../src/telemetry/metrics.js';
import { EarlierTalks } from '../src/turn/earlier-talks.js';
import { FactReading } from '../src/turn/fact-reading.js';
import { RollingSummaries } from '../src/turn/rolling-summary.js';
import { TurnRunner } from '../src/turn/turn-runner.js';
import type { TurnServices } from '../src/turn/turn-services.js';
import { createHumans } from './alerts.js';
import { openAnswers } from './answers.js';
import { createFactChooser } from './fact-chooser.js';
import { loadLorebooks } from './lorebooks.js';
import { createModels, type Models } from './models.js';
import { openReader } from './reader.js';
import { factReaders, summarisers } from './readers-of-talk.js';
import { createScorers, type Scorers } from './scorers.js';
import { openSecondReader } from './second-reader.js';
import { loadLocale } from './settings.js';
import { openStore } from './store.js';

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
export type AdapterFactory = (
  services: CommandServices,
) => readonly PlatformAdapter[] | Promise<readonly PlatformAdapter[]>;

/** Plugs the core together for the platforms that `makeAdapters` names and takes up what an earlier process left. */
export async function composeCore(
  loaded: LoadedConfig,
  makeAdapters: AdapterFactory,
  logger: Logger,
): Promise<Core> {
  const { config } = loaded;
  for (const note of loaded.notes) logger.warn({}, note);
  const locale = loadLocale(config.locale);
  const bank = configuredBank(config);
  const library = importedCharacters(config);
  for (const problem of library.problems) logger.warn({}, `an imported character cannot be read: ${problem}`);
  const store = await openStore(loaded);
  const scorers = await createScorers(config, locale.say, logger);
  const metrics = createMetrics();
  const clock = systemClock;
  const reader = openReader(config, logger);
  const answers = openAnswers(config, reader.meaning, logger);
  const models = createModels(loaded, { ...scorers, answers }, logger);
  const judge = new LayeredJudge({
    reader: reader.care,
    secondReader: openSecondReader(config.care, models.router, logger),
    threshold: config.care.threshold,
    clock,
    logger,
  });
  const byName = new Map<PlatformName, PlatformAdapter>();
  const humans = createHumans({
    config: config.care.humans,
    secret: loaded.secrets.RAPPORT_ALERT_SECRET,
    store,
    say: locale.say,
    clock,
    logger,
    adapters: byName,
  });
  const steering = loadSteering();
  const services: TurnServices = {
    bank,
    library,
    humans,
    store,
    config,
    clock,
    logger,
    metrics,
    router: models.router,
    scorer: new LearningPersonaScorer({
      inner: new FallbackPersonaScorer(
        scorers.scorer,
        new LexicalPersonaScorer(locale.say, loadThemes(), config.matching.weights),
        logger,
      ),
      store,
      matching: config.matching,
      clock,
      random: systemRandom,
      logger,
    }),
    selector: new FallbackMemorySelector(scorers.selector, new LexicalMemorySelector(), logger),
    planner: new FallbackStrategyPlanner(scorers.planner, new StagePriorPlanner(loadStrategies()), logger),
    facts: createFactChooser(config, reader.meaning, logger),
    meaning: reader.meaning,
    earlier: new EarlierTalks({
      store,
      meaning: reader.meaning,
      clock,
      steering,
      historyTurns: config.turn.historyTurns,
    }),
    lorebooks: loadLorebooks(config.memory, locale.say),
    summaries: new RollingSummaries({
      ...{ store, steering, clock, logger, historyTurns: config.turn.historyTurns },
      timeLimitMs: config.memory.summaryMs,
      summarisersFor: (characterId) => summarisers(models.router, bank.get(characterId)),
    }),
    emotion: scorers.emotion,
    steering,
    attributes: loadAttributes(),
    care: createCare({
      config: config.care,
      say: locale.say,
      helplines: loadHelplines(),
      words: loadCareWords(),
      judge,
      store,
      clock,
    }),
    say: locale.say,
    random: systemRandom,
  };
  const events = new SessionEvents();
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
  const retention = new Retention({ store, config, clock, logger });
  const reading = new FactReading({
    ...{ store, config, steering, clock, logger, care: services.care },
    readersFor: (characterId) => factReaders(models.router, bank.get(characterId)),
  });
  const adapters = await makeAdapters({ ...services, sessions, events });
  for (const adapter of adapters) byName.set(adapter.name, adapter);
  const close = async (graceMs: number): Promise<void> => {
    humans.stop();
    await sessions.close(graceMs);
    await retention.stop();
    await reading.stop();
    await services.summaries?.stop();
    for (const adapter of adapters) await adapter.stop();
    await models.close();
    await reader.close();
    await scorers.close();
    await store.close();
  };
  try {
    for (const adapter of adapters) await adapter.start((message) => sessions.receive(message));
    await sessions.start();
    humans.start();
    retention.start();
    reading.start();
    const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    void warmRules(pause).then(() => warmSaid(pause));
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
