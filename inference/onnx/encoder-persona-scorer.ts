import { join } from 'node:path';
import type { Character } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import { type Clock, systemClock } from '../../src/clock.js';
import { explainMatch } from '../../src/matching/explain-match.js';
import { worryText } from '../../src/matching/match-texts.js';
import type { PersonaScorer, RankedMatch } from '../../src/matching/persona-scorer.js';
import { temperamentFit } from '../../src/matching/temperament.js';
import type { SeekerPersona } from '../../src/memory/profile.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { type CharacterVectors, encodeCharacter, textsHash, viewRows } from './bank-vectors.js';
import { characterTexts, sentences } from './character-texts.js';
import type { TextEncoder } from './sentence-encoder.js';
import { readVectorCache, writeVectorCache } from './vector-cache.js';
import { bestCosine, rowCosine } from './vector-matrix.js';

/**
 * Weights of the facets. Chosen on 28 worries written for the purpose (test/fixtures/matching-worries.yaml) over the
 * bank's 16 supporters; neighbouring values do as well.
 */
export interface MatchWeights {
  /** Within the experience: worry × statement, × themes, × what was lived through. */
  readonly statement: number;
  readonly themes: number;
  readonly lived: number;
  /** Of the whole, beside the experience. */
  readonly ground: number;
  readonly temperament: number;
}

export const defaultMatchWeights: MatchWeights = {
  statement: 0.4,
  themes: 0.3,
  lived: 0.3,
  ground: 0.1,
  temperament: 0.05,
};

/** Cosines of unrelated and of very close texts under this encoder: the ends of the [0, 1] scale shown to people. */
const cosineScale = { low: 0.1, high: 0.6 };
/** Characters scored exactly; in larger banks a coarse pass of two vectors each picks them. */
const finalists = 64;
/** How long a ranking waits for vectors that are still being computed before the interim scorer answers, ms. */
const patienceMs = 5_000;
/** Worry sentences compared one by one; later ones are in the whole text's vector only. */
const mostSentences = 6;

export interface EncoderPersonaScorerOptions {
  readonly encoder: TextEncoder;
  readonly say: Say;
  /** Holds `cache/`. */
  readonly dataDir: string;
  readonly logger: Logger;
  readonly weights?: MatchWeights;
  /** Ranks while a large bank's vectors are computed for the first time. */
  readonly interim?: PersonaScorer;
  readonly clock?: Clock;
}

interface Query {
  readonly whole: Float32Array;
  readonly parts: readonly Float32Array[];
  readonly facts: readonly Float32Array[];
}

interface Scored {
  readonly index: number;
  readonly score: number;
  readonly experience: number;
  readonly ground: number;
}

interface PreparedBank {
  readonly characters: readonly Character[];
  readonly vectors: readonly CharacterVectors[];
}

/**
 * Ranks supporters by sentence vectors: the worry against the character's statement, themes and the sentences of what
 * they lived through (highest cosine), the person's facts against the everyday, and temperament. The bank's vectors are
 * computed once and cached on disk by content.
 */
export class EncoderPersonaScorer implements PersonaScorer {
  readonly kind = 'encoder';
  readonly #options: EncoderPersonaScorerOptions;
  readonly #weights: MatchWeights;
  readonly #banks = new WeakMap<readonly Character[], Promise<PreparedBank>>();

  constructor(options: EncoderPersonaScorerOptions) {
    this.#options = options;
    this.#weights = options.weights ?? defaultMatchWeights;
  }

  /** Computes (or reads) the vectors of a bank, so that the first ranking is quick. */
  async prepare(bank: readonly Character[]): Promise<void> {
    await this.#prepared(bank);
  }

  async rank(seeker: SeekerPersona, bank: readonly Character[], k: number): Promise<RankedMatch[]> {
    const { interim, say } = this.#options;
    const ready = this.#prepared(bank);
    const prepared = interim ? await this.#patiently(ready) : await ready;
    if (!prepared) return interim?.rank(seeker, bank, k) ?? [];
    const query = await this.#encode(seeker);
    if (!query && interim) return interim.rank(seeker, bank, k);
    const { characters, vectors } = prepared;
    return this.#score(seeker, query, characters, vectors, k).map(({ index, score, experience, ground }) => {
      const character = characters[index] as Character;
      let reasons: RankedMatch['reasons'] | null = null;
      return {
        character,
        score,
        /** Written when first read: a ranking of a whole bank is mostly read for its scores. */
        get reasons() {
          reasons ??= explainMatch(seeker, character, { experience, ground }, say);
          return reasons;
        },
      };
    });
  }

  async #patiently(ready: Promise<PreparedBank>): Promise<PreparedBank | null> {
    const waiting = new AbortController();
    const tooLong = (this.#options.clock ?? systemClock).sleep(patienceMs, waiting.signal).then(
      () => null,
      () => null,
    );
    try {
      return await Promise.race([ready, tooLong]);
    } finally {
      waiting.abort();
    }
  }

  async #encode(seeker: SeekerPersona): Promise<Query | null> {
    const worry = worryText(seeker);
    if (worry === '') return null;
    const parts = sentences(worry).slice(0, mostSentences);
    const facts = seeker.facts.slice(0, mostSentences);
    const [whole, ...rest] = await this.#options.encoder.encode([worry, ...parts, ...facts]);
    return whole ? { whole, parts: rest.slice(0, parts.length), facts: rest.slice(parts.length) } : null;
  }

  #score(
    seeker: SeekerPersona,
    query: Query | null,
    characters: readonly Character[],
    vectors: readonly CharacterVectors[],
    k: number,
  ): Scored[] {
    const better = (a: Scored, b: Scored): number =>
      b.score - a.score || (characters[a.index]?.id ?? '').localeCompare(characters[b.index]?.id ?? '');
    const finish = (index: number, experience: number, ground: number): Scored => {
      const { ground: g, temperament: t } = this.#weights;
      const temperament = temperamentFit(seeker.mbti, characters[index]?.mbti) ?? 0.5;
      return { index, experience, ground, score: (experience + g * ground + t * temperament) / (1 + g + t) };
    };
    const coarse = vectors
      .map((each, index) => finish(index, query ? stretched(coarseCosine(each, query.whole)) : 0, 0))
      .sort(better);
    if (!query) return coarse.slice(0, k);
    const exact = coarse.slice(0, finalists).map(({ index }) => {
      const each = vectors[index] as CharacterVectors;
      return finish(
        index,
        stretched(this.#experience(each, query)),
        stretched(groundCosine(each, query.facts)),
      );
    });
    exact.sort(better);
    const floor = exact.at(-1)?.score ?? 0;
    const others = coarse
      .slice(finalists)
      .map((scored) => ({ ...scored, score: Math.min(scored.score, floor) }));
    return [...exact, ...others].slice(0, k);
  }

  #experience(vectors: CharacterVectors, { whole, parts }: Query): number {
    const { matrix } = vectors;
    const { statement, themes, lived } = this.#weights;
    const [themesFrom, themesTo] = viewRows(vectors, 1);
    const [livedFrom, livedTo] = viewRows(vectors, 2);
    const queries = parts.length > 0 ? parts : [whole];
    let sum = statement * rowCosine(matrix, 1, whole);
    let weight = statement;
    if (themesFrom < themesTo) {
      const total = queries.reduce((all, part) => all + bestCosine(matrix, themesFrom, themesTo, part), 0);
      sum += (themes * total) / queries.length;
      weight += themes;
    }
    if (livedFrom < livedTo) {
      sum += lived * bestCosine(matrix, livedFrom, livedTo, whole);
      weight += lived;
    }
    return sum / weight;
  }

  #prepared(bank: readonly Character[]): Promise<PreparedBank> {
    const known = this.#banks.get(bank);
    if (known) return known;
    const preparing = this.#prepare(bank);
    this.#banks.set(bank, preparing);
    preparing.catch(() => this.#banks.delete(bank));
    return preparing;
  }

  async #prepare(bank: readonly Character[]): Promise<PreparedBank> {
    const { encoder, dataDir, logger } = this.#options;
    const characters = bank.filter(({ matchable }) => matchable);
    const file = join(dataDir, 'cache', 'bank-vectors.bin');
    const cached = await readVectorCache(file, encoder.dimensions, logger);
    const vectors: CharacterVectors[] = [];
    let computed = 0;
    for (const character of characters) {
      const hit = cached.get(textsHash(characterTexts(character), encoder.fingerprint));
      if (!hit) computed += 1;
      vectors.push(hit ?? (await encodeCharacter(character, encoder)));
    }
    if (computed > 0 || cached.size > characters.length) {
      await writeVectorCache(file, vectors, encoder.dimensions, logger);
      logger.info({ characters: characters.length, computed }, 'the vectors of the character bank are ready');
    }
    return { characters, vectors };
  }
}

function coarseCosine({ matrix }: CharacterVectors, whole: Float32Array): number {
  return 0.5 * rowCosine(matrix, 0, whole) + 0.5 * rowCosine(matrix, 1, whole);
}

function groundCosine(vectors: CharacterVectors, facts: readonly Float32Array[]): number {
  if (facts.length === 0) return 0;
  const [from, to] = viewRows(vectors, 3);
  return facts.reduce((sum, fact) => sum + bestCosine(vectors.matrix, from, to, fact), 0) / facts.length;
}

function stretched(cosine: number): number {
  const { low, high } = cosineScale;
  return Math.min(1, Math.max(0, (cosine - low) / (high - low)));
}
