import type { Character } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { Theme } from '../../config/themes.js';
import { type Clock, systemClock } from '../../src/clock.js';
import { explainMatch } from '../../src/matching/explain-match.js';
import {
  defaultWeights,
  type Facets,
  type FacetWeights,
  onScale,
  temperamentFit,
  weightedScore,
} from '../../src/matching/facets.js';
import { wholeText, worryText } from '../../src/matching/match-texts.js';
import type { PersonaScorer, RankedMatch } from '../../src/matching/persona-scorer.js';
import { likeliestTheme } from '../../src/matching/theme-evidence.js';
import type { SeekerPersona } from '../../src/memory/profile.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { late, within } from '../../src/within.js';
import { type TextVectors, viewRows } from './bank-vectors.js';
import { sentences } from './character-texts.js';
import { type CosineScales, constantFit, type LearnedFit, usualScales } from './persona-score/learned-fit.js';
import { type PreparedBank, prepareBank } from './persona-score/prepared-bank.js';
import { meanOfBest } from './persona-score/theme-board.js';
import type { TextEncoder } from './sentence-encoder.js';
import { bestCosine, rowCosine } from './vector-matrix.js';

/**
 * How much of the experience comes from the themes a character carries, the rest from its statement. Chosen, with the
 * weights of the facets, where both sets of labelled people (test/matching, test/fixtures) are flat.
 */
const themeShare = 0.75;
/** A person is told about so many of a character's memories: the facet is the mean of the best ones. */
const tellableMemories = 3;
/** Characters whose memories and everyday are compared too; in larger banks the experience picks them. */
const finalists = 64;
/** How long a ranking waits for vectors that are still being computed before the interim scorer answers, ms. */
const patienceMs = 5_000;
/** Worry sentences and facts compared one by one; later ones are in the whole text's vector only. */
const maxSentences = 6;

export interface EncoderPersonaScorerOptions {
  readonly encoder: TextEncoder;
  readonly say: Say;
  /** Holds `cache/`. */
  readonly dataDir: string;
  /** Vectors that come with the model, only read (`scripts/bank-vectors.mjs` makes the file). */
  readonly shipped?: string | undefined;
  readonly logger: Logger;
  readonly weights?: FacetWeights;
  /** Default: every pair the same. */
  readonly fit?: LearnedFit;
  /** Default: those of the first shipped encoder. */
  readonly scales?: CosineScales;
  readonly themes: readonly Theme[];
  /** Ranks while a large bank's vectors are computed for the first time. */
  readonly interim?: PersonaScorer;
  readonly clock?: Clock;
}

interface Query {
  readonly text: string;
  readonly whole: Float32Array;
  readonly parts: readonly Float32Array[];
  readonly facts: readonly Float32Array[];
}

interface Asked extends Query {
  readonly probabilities: Float64Array;
  /** The seeker's side of the learned fit, [rank]. */
  readonly side: Float32Array;
}

interface Scored {
  readonly index: number;
  readonly facets: Facets;
  readonly score: number;
}

/**
 * Ranks supporters by facets ({@link Facets}) of sentence vectors: what the person speaks of against the themes a
 * character carries and its statement, for the best ones also the memories and the everyday; temperament; and the fit
 * learned from ratings. One text vector and one product with the bank's matrix; the bank's vectors are computed once and
 * cached on disk by content.
 */
export class EncoderPersonaScorer implements PersonaScorer {
  readonly kind = 'encoder';
  readonly #options: EncoderPersonaScorerOptions;
  readonly #weights: FacetWeights;
  readonly #fit: LearnedFit;
  readonly #scales: CosineScales;
  readonly #banks = new WeakMap<readonly Character[], Promise<PreparedBank>>();

  constructor(options: EncoderPersonaScorerOptions) {
    this.#options = options;
    this.#weights = options.weights ?? defaultWeights;
    this.#fit = options.fit ?? constantFit(middleRating);
    this.#scales = options.scales ?? usualScales;
  }

  /** Computes (or reads) the vectors of a bank, so that the first ranking is quick. */
  async prepare(bank: readonly Character[]): Promise<void> {
    await this.#prepared(bank);
  }

  async rank(seeker: SeekerPersona, bank: readonly Character[], k: number): Promise<RankedMatch[]> {
    const { interim, say, clock = systemClock } = this.#options;
    const ready = this.#prepared(bank);
    const prepared = interim ? await within(clock, patienceMs, ready) : await ready;
    if (prepared === late) return interim ? unmeasured(await interim.rank(seeker, bank, k)) : [];
    const query = await this.#encode(seeker);
    if (!query && interim) return unmeasured(await interim.rank(seeker, bank, k));
    const { characters, board, own } = prepared;
    const side = query ? await this.#fit.seeker({ text: query.text, vector: query.whole }) : null;
    const probabilities = query && board.probabilities(query);
    const asked = query && probabilities && side ? { ...query, probabilities, side } : null;
    const scored = this.#score(seeker, asked, prepared);
    const usualFit =
      scored.reduce((sum, { facets }) => sum + facets.learnedFit, 0) / Math.max(1, scored.length);
    return scored.slice(0, k).map(({ index, score, facets }) => {
      const character = characters[index] as Character;
      const theme = probabilities && likeliestTheme(board.themes, own[index] ?? [], probabilities);
      const match = {
        seeker,
        character,
        facets,
        weights: this.#weights,
        theme: theme?.name ?? null,
        usualFit,
      };
      let reasons: RankedMatch['reasons'] | null = null;
      return {
        character,
        score,
        facets,
        /** Written when first read: a ranking of a whole bank is mostly read for its scores. */
        get reasons() {
          reasons ??= explainMatch(match, say);
          return reasons;
        },
      };
    });
  }

  async #encode(seeker: SeekerPersona): Promise<Query | null> {
    const text = wholeText(seeker);
    if (text === '') return null;
    const parts = sentences(worryText(seeker)).slice(0, maxSentences);
    const facts = seeker.facts.slice(0, maxSentences);
    const [whole, ...rest] = await this.#options.encoder.encode([text, ...parts, ...facts]);
    return whole
      ? { text, whole, parts: rest.slice(0, parts.length), facts: rest.slice(parts.length) }
      : null;
  }

  #score(
    seeker: SeekerPersona,
    query: Asked | null,
    { characters, statements, vectorsOf, own, sides }: PreparedBank,
  ): Scored[] {
    const { statement, memories, everyday } = this.#scales;
    const theirs = sides();
    const better = (a: Scored, b: Scored): number =>
      b.score - a.score || (characters[a.index]?.id ?? '').localeCompare(characters[b.index]?.id ?? '');
    const scored = (index: number, facets: Facets): Scored => ({
      index,
      facets,
      score: weightedScore(facets, this.#weights),
    });
    const coarse = own.map((places, index) => {
      const themes = places.reduce((sum, place) => sum + (query?.probabilities[place] ?? 0), 0);
      const other = theirs[index];
      const rating = query && other ? this.#fit.rating(query.side, other) : this.#fit.mean;
      const told = query ? rowCosine(statements, index, query.whole) : 0;
      return scored(index, {
        learnedFit: onRatingScale(rating),
        experience: query
          ? themeShare * Math.min(1, themes) + (1 - themeShare) * onScale(told, statement.low, statement.high)
          : 0,
        sharedGround: 0,
        temperament: temperamentFit(seeker.mbti, characters[index]?.mbti) ?? 0.5,
        memories: 0,
      });
    });
    coarse.sort(better);
    if (!query) return coarse;
    const exact = coarse.slice(0, finalists).map(({ index, facets }) => {
      const each = vectorsOf(index);
      const [from, to] = viewRows(each, 1);
      const tellable = Math.min(tellableMemories, to - from) / tellableMemories;
      const near = meanOfBest(each.matrix, from, to, query.whole, tellableMemories);
      return scored(index, {
        ...facets,
        sharedGround: onScale(groundCosine(each, query.facts), everyday.low, everyday.high),
        memories: tellable * onScale(near, memories.low, memories.high),
      });
    });
    exact.sort(better);
    const floor = exact.at(-1)?.score ?? 0;
    const others = coarse.slice(finalists).map((rest) => ({ ...rest, score: Math.min(rest.score, floor) }));
    return [...exact, ...others];
  }

  #prepared(bank: readonly Character[]): Promise<PreparedBank> {
    const known = this.#banks.get(bank);
    if (known) return known;
    const { encoder, dataDir, shipped, logger, themes } = this.#options;
    const preparing = prepareBank(bank, {
      encoder,
      dataDir,
      shipped,
      logger,
      themes,
      fit: this.#fit,
    });
    this.#banks.set(bank, preparing);
    preparing.catch(() => this.#banks.delete(bank));
    return preparing;
  }
}

/** A ranking of another scorer: its facets are not on this one's scales. */
function unmeasured(ranking: readonly RankedMatch[]): RankedMatch[] {
  return ranking.map(({ character, score, reasons }) => ({ character, score, reasons }));
}

function groundCosine(vectors: TextVectors, facts: readonly Float32Array[]): number {
  if (facts.length === 0) return 0;
  const [from, to] = viewRows(vectors, 2);
  return facts.reduce((sum, fact) => sum + bestCosine(vectors.matrix, from, to, fact), 0) / facts.length;
}

/** What a pair is expected to be rated where nothing was learned. */
const middleRating = 3;

/** A rating of 1–5 laid on [0, 1]. */
function onRatingScale(rating: number): number {
  return onScale(rating, 1, 5);
}
