import { resolve } from 'node:path';
import { RapportError } from '../config/errors.js';
import type { Say } from '../config/locale.js';
import { resolvePath } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { loadStrategies } from '../config/strategies.js';
import { loadThemes } from '../config/themes.js';
import { needsEmbedded } from '../inference/model-router.js';
import { readAspectPhrases } from '../inference/onnx/aspect-phrases.js';
import { loadSeedSelector } from '../inference/onnx/characterchat/load-seed-selector.js';
import { EncoderMemorySelector } from '../inference/onnx/encoder-memory-selector.js';
import {
  loadTrainedScorers,
  type ScorerFolders,
  type ScorerStatus,
} from '../inference/onnx/load-trained-scorers.js';
import { MeaningFirstSelector } from '../inference/onnx/meaning-first-selector.js';
import { createMatcher, type Matcher } from '../inference/onnx/persona-score/create-matcher.js';
import { SentenceEncoder } from '../inference/onnx/sentence-encoder.js';
import type { TrainedReplyRanker } from '../inference/onnx/trained-reply-ranker.js';
import type { EmotionClassifier } from '../src/emotion/emotion-classifier.js';
import { StagePriorPlanner } from '../src/guidance/stage-prior-planner.js';
import type { StrategyPlanner } from '../src/guidance/strategy-planner.js';
import { LexicalPersonaScorer } from '../src/matching/lexical-persona-scorer.js';
import type { PersonaScorer } from '../src/matching/persona-scorer.js';
import { LexicalMemorySelector } from '../src/memory/lexical-memory-selector.js';
import type { MemorySelector } from '../src/memory/memory-selector.js';
import type { Logger } from '../src/telemetry/logger.js';

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
  const { personaScore, characterchatSelector } = config.scorers;
  const seedSelector = characterchatSelector === 'off' ? null : resolvePath(characterchatSelector);
  const themes = loadThemes();
  const lexical = new LexicalPersonaScorer(say, themes, config.matching.weights);
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
      themes,
      dataDir: resolve(config.data.dir),
      logger,
      interim: lexical,
    });
    const seeds = await loadSeedSelector(seedSelector, logger);
    const byMeaning = new MeaningFirstSelector(encoder, trained.selector);
    if (!seeds.selector) byMeaning.warm();
    return {
      scorer: matcher.scorer,
      matcher,
      ...trained,
      selector: seeds.selector ?? byMeaning,
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
