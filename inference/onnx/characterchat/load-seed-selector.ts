import { RapportError } from '../../../config/errors.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { ScorerStatus } from '../load-trained-scorers.js';
import { CharacterChatSelector } from './characterchat-selector.js';

export interface SeedSelector {
  /** Null where none is configured or it cannot be used. */
  readonly selector: CharacterChatSelector | null;
  /** How it came up; null where none is configured. */
  readonly status: ScorerStatus | null;
}

/** CharacterChat's own memory selector where the configuration asks for it; one that cannot be used is left out with a warning. */
export async function loadSeedSelector(folder: string | null, logger: Logger): Promise<SeedSelector> {
  if (folder === null) return { selector: null, status: null };
  const name = 'memorySelector';
  try {
    const selector = await CharacterChatSelector.load(folder);
    return { selector, status: { name, kind: selector.kind, problem: null } };
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    logger.warn(
      { code: error.code, cure: error.cure },
      `${error.message} Memories are selected as if it were not configured.`,
    );
    return { selector: null, status: { name, kind: 'rapport', problem: error } };
  }
}
