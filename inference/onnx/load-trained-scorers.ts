import { RapportError } from '../../config/errors.js';
import type { StrategyTable } from '../../config/strategies.js';
import type { EmotionClassifier } from '../../src/emotion/emotion-classifier.js';
import type { StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import type { MemorySelector } from '../../src/memory/memory-selector.js';
import { MissingEncoder } from './scorer-head.js';
import { SentenceEncoder } from './sentence-encoder.js';
import { TrainedEmotionClassifier } from './trained-emotion-classifier.js';
import { TrainedMemorySelector } from './trained-memory-selector.js';
import { TrainedReplyRanker } from './trained-reply-ranker.js';
import { TrainedStrategyPlanner } from './trained-strategy-planner.js';

/** Folders of the trained scorers, `off` where one is not wanted, and of the encoder fine-tuned for them. */
export interface ScorerFolders {
  readonly supportEncoder: string;
  readonly memorySelector: string;
  readonly strategyPlanner: string;
  readonly emotion: string;
  readonly replyRanker: string;
}
export type TrainedScorerName = Exclude<keyof ScorerFolders, 'supportEncoder'>;

/** What decides in place of a trained scorer that cannot be loaded. */
export interface ScorerFallbacks {
  readonly selector: MemorySelector;
  readonly planner: StrategyPlanner;
  readonly table: StrategyTable;
}

/** How one trained scorer came up. */
export interface ScorerStatus {
  readonly name: TrainedScorerName;
  /** What decides: name and version of the model, or the fall-back's kind. */
  readonly kind: string;
  /** Why the trained one does not. */
  readonly problem: RapportError | null;
}

export interface TrainedScorers {
  readonly selector: MemorySelector;
  readonly planner: StrategyPlanner;
  readonly emotion: EmotionClassifier | null;
  readonly replyRanker: TrainedReplyRanker | null;
  readonly status: readonly ScorerStatus[];
  close(): Promise<void>;
}

/**
 * Loads each trained scorer with the encoder it was trained on, the general or the support encoder; one that cannot be used
 * is replaced by its fall-back, and the status says why.
 */
export async function loadTrainedScorers(
  general: SentenceEncoder,
  folders: ScorerFolders,
  { selector, planner, table }: ScorerFallbacks,
): Promise<TrainedScorers> {
  // Its thread starts with the first text, so an encoder that no scorer reads costs nothing.
  const support = open(folders.supportEncoder);
  const encoders = support.encoder ? [general, support.encoder] : [general];
  const attempt = async <Scorer extends { warm(): Promise<void> }>(
    folder: string,
    create: (folder: string) => Scorer,
  ): Promise<Attempt<Scorer>> => {
    if (folder === 'off') return { scorer: null, problem: null };
    try {
      const scorer = create(folder);
      await scorer.warm();
      return { scorer, problem: null };
    } catch (error) {
      if (!(error instanceof RapportError)) throw error;
      return { scorer: null, problem: error instanceof MissingEncoder ? (support.problem ?? error) : error };
    }
  };
  const chosen = await attempt(
    folders.memorySelector,
    (folder) => new TrainedMemorySelector(folder, encoders, selector),
  );
  const planned = await attempt(
    folders.strategyPlanner,
    (folder) => new TrainedStrategyPlanner(folder, encoders, table),
  );
  const felt = await attempt(folders.emotion, (folder) => new TrainedEmotionClassifier(folder, encoders));
  const ranked = await attempt(folders.replyRanker, (folder) => new TrainedReplyRanker(folder, encoders));
  return {
    selector: chosen.scorer ?? selector,
    planner: planned.scorer ?? planner,
    emotion: felt.scorer,
    replyRanker: ranked.scorer,
    status: [
      { name: 'memorySelector', kind: (chosen.scorer ?? selector).kind, problem: chosen.problem },
      { name: 'strategyPlanner', kind: (planned.scorer ?? planner).kind, problem: planned.problem },
      { name: 'emotion', kind: felt.scorer?.kind ?? 'none', problem: felt.problem },
      { name: 'replyRanker', kind: ranked.scorer?.kind ?? 'cosine', problem: ranked.problem },
    ],
    close: async () => support.encoder?.close(),
  };
}

interface Attempt<Scorer> {
  readonly scorer: Scorer | null;
  readonly problem: RapportError | null;
}

function open(folder: string): {
  readonly encoder: SentenceEncoder | null;
  readonly problem: RapportError | null;
} {
  try {
    return { encoder: new SentenceEncoder(folder), problem: null };
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    return { encoder: null, problem: error };
  }
}
