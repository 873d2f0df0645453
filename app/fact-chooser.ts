import { RapportError } from '../config/errors.js';
import { resolvePath } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { readFactWeights } from '../inference/reader/fact-weights.js';
import type { FactChooser } from '../src/memory/fact-chooser.js';
import { FallbackFactChooser } from '../src/memory/fallback-fact-chooser.js';
import { LexicalFactChooser } from '../src/memory/lexical-fact-chooser.js';
import type { Meaning } from '../src/memory/meaning.js';
import { MeaningFactChooser } from '../src/memory/meaning-fact-chooser.js';
import type { Logger } from '../src/telemetry/logger.js';

/** Which known facts bear on a message: by meaning, and by shared words where that is off or cannot be used (said in the log). */
export function createFactChooser({ scorers }: Config, meaning: Meaning | null, logger: Logger): FactChooser {
  const lexical = new LexicalFactChooser();
  if (!meaning || scorers.knownFacts === 'off') return lexical;
  try {
    const weights = readFactWeights(resolvePath(scorers.knownFacts), resolvePath(scorers.meaning));
    return new FallbackFactChooser(new MeaningFactChooser(meaning, weights), lexical, logger);
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    logger.warn(
      { code: error.code, cure: error.cure },
      `${error.message} What is known of people is chosen by shared words alone.`,
    );
    return lexical;
  }
}
