import type { CharacterBank } from '../../characters/bank.js';
import type { ImportedCharacters } from '../../characters/imported.js';
import type { Lorebook } from '../../characters/lorebook.js';
import type { AttributeTable } from '../../config/attributes.js';
import type { Say } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { SteeringTable } from '../../config/steering.js';
import type { Care } from '../care/care.js';
import type { Humans } from '../care/humans.js';
import type { Clock, Random } from '../clock.js';
import type { EmotionClassifier } from '../emotion/emotion-classifier.js';
import type { StrategyPlanner } from '../guidance/strategy-planner.js';
import type { PersonaScorer } from '../matching/persona-scorer.js';
import type { FactChooser } from '../memory/fact-chooser.js';
import type { Meaning } from '../memory/meaning.js';
import type { MemorySelector } from '../memory/memory-selector.js';
import type { ModelRouter } from '../prompting/chat-model.js';
import type { Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { EarlierTalks } from './earlier-talks.js';
import type { RollingSummaries } from './rolling-summary.js';

/** What the stages of a turn work with; plugged together in app/core.ts. */
export interface TurnServices {
  readonly bank: CharacterBank;
  /** Where imported characters are kept; nobody brings any where none is given. */
  readonly library?: Pick<
    ImportedCharacters,
    'add' | 'all' | 'everythingOf' | 'kept' | 'ownedBy' | 'picture' | 'remove' | 'removeOf'
  >;
  readonly store: Store;
  readonly router: ModelRouter;
  readonly scorer: PersonaScorer;
  readonly selector: MemorySelector;
  /** Which facts about the person come first; by shared words where none is given. */
  readonly facts?: FactChooser;
  /** What texts mean; null or left out where no such model is loaded. */
  readonly meaning?: Meaning | null;
  /** What was said before, beyond what a prompt holds; it does not come back where none is given. */
  readonly earlier?: EarlierTalks;
  /** Lorebooks of communities (a Discord server, a Slack workspace) by their id; none where nothing is given. */
  readonly lorebooks?: ReadonlyMap<string, Lorebook>;
  /** Sums up what leaves the window; it goes unsaid where none is given. */
  readonly summaries?: RollingSummaries;
  readonly planner: StrategyPlanner;
  /** Reads the feeling of a message, for the trace; null where no such model is loaded. */
  readonly emotion?: EmotionClassifier | null;
  readonly steering: SteeringTable;
  readonly attributes: AttributeTable;
  readonly care: Care;
  /** Who is told that somebody asks for a human being; nobody where none is given. */
  readonly humans?: Humans;
  readonly say: Say;
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
