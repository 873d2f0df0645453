import { join } from 'node:path';
import { RapportError } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { Config } from '../../../config/schema.js';
import type { Theme } from '../../../config/themes.js';
import type { PersonaScorer } from '../../../src/matching/persona-scorer.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { CharacterChatFit } from '../characterchat/characterchat-fit.js';
import { EncoderPersonaScorer } from '../encoder-persona-scorer.js';
import type { SentenceEncoder } from '../sentence-encoder.js';
import { loadFitTowers } from './fit-towers.js';
import { type CosineScales, constantFit, type LearnedFit, usualScales } from './learned-fit.js';

/** The vectors of the shipped characters, beside the towers: a first start computes none. Made by `scripts/bank-vectors.mjs`. */
export const bankVectorsFile = 'bank-vectors.bin';

export interface MatcherOptions {
  readonly encoder: SentenceEncoder;
  readonly weights: Config['matching']['weights'];
  /** Config `scorers.personaScore`, its path resolved. */
  readonly personaScore: Config['scorers']['personaScore'];
  readonly say: Say;
  readonly themes: readonly Theme[];
  /** Holds `cache/`. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Ranks while the vectors of a large bank are computed. */
  readonly interim: PersonaScorer;
}

export interface Matcher {
  readonly scorer: EncoderPersonaScorer;
  /** What the learned fit comes from, for doctor; the facets beside it work in any case. */
  readonly fit: 'towers' | 'characterchat' | 'other-encoder' | 'none';
  /** Why there is no learned fit. */
  readonly problem: RapportError | null;
  close(): Promise<void>;
}

interface LoadedFit {
  readonly fit: LearnedFit;
  readonly scales: CosineScales;
  readonly source: Matcher['fit'];
  readonly problem: RapportError | null;
  readonly close: () => Promise<void>;
}

/** The matcher of the configuration. A model that cannot be used is left out with a warning: four facets are left. */
export async function createMatcher(options: MatcherOptions): Promise<Matcher> {
  const { encoder, weights, personaScore, say, themes, dataDir, logger, interim } = options;
  const { fit, scales, source, problem, close } = await loadFit(options);
  const scorer = new EncoderPersonaScorer({
    encoder,
    say,
    themes,
    dataDir,
    shipped:
      personaScore.kind === 'characterchat-ckpt' ? undefined : join(personaScore.path, bankVectorsFile),
    logger,
    interim,
    weights,
    fit,
    scales,
  });
  return { scorer, fit: source, problem, close };
}

async function loadFit({ encoder, personaScore, dataDir, logger }: MatcherOptions): Promise<LoadedFit> {
  const { kind, path } = personaScore;
  const nothingToClose = async (): Promise<void> => undefined;
  try {
    if (kind === 'characterchat-ckpt') {
      const fit = await CharacterChatFit.load(path, { dataDir, logger });
      const close = (): Promise<void> => fit.close();
      return { fit, scales: usualScales, source: 'characterchat', problem: null, close };
    }
    const { fit, scales } = await loadFitTowers(path, encoder);
    if (!scales)
      logger.warn({ path }, 'the learned fit was made for another sentence encoder and is left out');
    return {
      fit,
      scales: scales ?? usualScales,
      source: scales ? 'towers' : 'other-encoder',
      problem: null,
      close: nothingToClose,
    };
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    logger.warn({ code: error.code, cure: error.cure }, `${error.message} The learned fit is left out.`);
    const fit = constantFit(unknownRating);
    return { fit, scales: usualScales, source: 'none', problem: error, close: nothingToClose };
  }
}

/** The middle of 1–5. */
const unknownRating = 3;
