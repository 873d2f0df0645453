import { RapportError } from '../../config/errors.js';
import type { StrategyTable } from '../../config/strategies.js';
import type { EmotionClassifier } from '../../src/emotion/emotion-classifier.js';
import type { MemorySelector } from '../../src/memory/memory-selector.js';
import type { StrategyPlanner } from '../../src/strategy/strategy-planner.js';
import { SentenceEncoder } from './sentence-encoder.js';
import { TrainedEmotionClassifier } from './trained-emotion-classifier.js';
import { TrainedMemorySelector } from './trained-memory-selector.js';
import { TrainedStrategyPlanner } from './trained-strategy-planner.js';

/** Folders of the trained scorers, `off` where one is not wanted, and of the encoder they were trained on. */
export interface ScorerFolders {
  readonly encoder: string;
  readonly memorySelector: string;
  readonly strategyPlanner: string;
  readonly emotion: string;
}
export type TrainedScorerName = Exclude<keyof ScorerFolders, 'encoder'>;

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
  readonly status: readonly ScorerStatus[];
  close(): Promise<void>;
}

/** Loads each trained scorer; one that cannot be used is replaced by its fall-back, and the status says why. */
export async function loadTrainedScorers(
  folders: ScorerFolders,
  { selector, planner, table }: ScorerFallbacks,
): Promise<TrainedScorers> {
  const opened: SentenceEncoder[] = [];
  const encoder = (): SentenceEncoder => {
    const [known = new SentenceEncoder(folders.encoder)] = opened;
    opened[0] = known;
    return known;
  };
  const chosen = await attempt(
    folders.memorySelector,
    (folder) => new TrainedMemorySelector(folder, encoder(), selector),
  );
  const planned = await attempt(
    folders.strategyPlanner,
    (folder) => new TrainedStrategyPlanner(folder, encoder(), table),
  );
  const felt = await attempt(folders.emotion, (folder) => new TrainedEmotionClassifier(folder, encoder()));
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
  };
  if (!chosen.scorer && !planned.scorer && !felt.scorer) await close();
  return {
    selector: chosen.scorer ?? selector,
    planner: planned.scorer ?? planner,
    emotion: felt.scorer,
    status: [
      { name: 'memorySelector', kind: (chosen.scorer ?? selector).kind, problem: chosen.problem },
      { name: 'strategyPlanner', kind: (planned.scorer ?? planner).kind, problem: planned.problem },
      { name: 'emotion', kind: felt.scorer?.kind ?? 'none', problem: felt.problem },
    ],
    close,
  };
}

interface Attempt<Scorer> {
  readonly scorer: Scorer | null;
  readonly problem: RapportError | null;
}

async function attempt<Scorer extends { warm(): Promise<void> }>(
  folder: string,
  create: (folder: string) => Scorer,
): Promise<Attempt<Scorer>> {
  if (folder === 'off') return { scorer: null, problem: null };
  try {
    const scorer = create(folder);
    await scorer.warm();
    return { scorer, problem: null };
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    return { scorer: null, problem: error };
  }
}
