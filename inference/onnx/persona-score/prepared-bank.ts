import { join } from 'node:path';
import { partsOf } from '../../../characters/composed/composed-bank.js';
import type { Character } from '../../../characters/schema.js';
import { reasonOf } from '../../../config/errors.js';
import type { Theme } from '../../../config/themes.js';
import { experienceText } from '../../../src/matching/match-texts.js';
import { bankThemes, themesOf } from '../../../src/matching/theme-evidence.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { encodeCharacter, type TextVectors, textsHash, viewRows } from '../bank-vectors.js';
import { characterTexts } from '../character-texts.js';
import type { TextEncoder } from '../sentence-encoder.js';
import { readVectorCache, writeVectorCache } from '../vector-cache.js';
import { quantise, type VectorMatrix } from '../vector-matrix.js';
import { ComposedVectors } from './composed-vectors.js';
import type { LearnedFit } from './learned-fit.js';
import { encodeThemes, rowOf, ThemeBoard, themesHash } from './theme-board.js';

/** Themes given to a character that carries no tags, by its texts. */
const maxToldThemes = 5;

/** Everything about a bank that does not depend on who asks. */
export interface PreparedBank {
  /** Those that may be matched. */
  readonly characters: readonly Character[];
  /** The vectors of the statements, a row a character in order; of no length where one says nothing. */
  readonly statements: VectorMatrix;
  /** All vectors of a character, by its place. */
  readonly vectorsOf: (index: number) => TextVectors;
  readonly board: ThemeBoard;
  /** Places of each character's themes on the board. */
  readonly own: readonly (readonly number[])[];
  /** The supporters' side of the learned fit, [n × rank]; empty while a slow one is computed. */
  readonly sides: () => readonly Float32Array[];
}

export interface BankPreparation {
  readonly encoder: TextEncoder;
  readonly themes: readonly Theme[];
  readonly fit: LearnedFit;
  /** Holds `cache/`. */
  readonly dataDir: string;
  /** Vectors that come with the model, only read: those of the characters it was shipped with. */
  readonly shipped?: string | undefined;
  readonly logger: Logger;
}

/** Computes a bank's vectors; those of unchanged texts are read from the disk. */
export async function prepareBank(
  bank: readonly Character[],
  { encoder, themes: given, fit, dataDir, shipped, logger }: BankPreparation,
): Promise<PreparedBank> {
  const { fingerprint, dimensions } = encoder;
  const characters = bank.filter(({ matchable }) => matchable);
  const themes = bankThemes(given, characters);
  const file = join(dataDir, 'cache', 'bank-vectors.bin');
  const cached = await readVectorCache(file, dimensions, logger);
  const came = shipped === undefined ? new Map() : await readVectorCache(shipped, dimensions, logger);
  let computed = 0;
  const known = async (hash: string, compute: () => Promise<TextVectors>): Promise<TextVectors> => {
    const hit = cached.get(hash) ?? came.get(hash);
    if (hit) return hit;
    computed += 1;
    return compute();
  };
  const composed = await ComposedVectors.of(characters, encoder, known);
  const own: (TextVectors | null)[] = [];
  for (const character of characters) {
    if (partsOf(character)) {
      own.push(null);
      continue;
    }
    const hash = textsHash(characterTexts(character), fingerprint);
    own.push(await known(hash, () => encodeCharacter(character, encoder)));
  }
  const lines = await known(themesHash(themes, fingerprint), () => encodeThemes(themes, encoder));
  const kept = [...own, composed.rows, lines].filter((vectors) => vectors !== null);
  if (computed > 0 || cached.size > kept.length) {
    await writeVectorCache(file, kept, dimensions, logger);
    logger.info({ characters: characters.length, computed }, 'the vectors of the character bank are ready');
  }
  const board = new ThemeBoard(themes, lines);
  let sides: readonly Float32Array[] = [];
  const nothing = new Float32Array(dimensions);
  const statements = own.map((vectors, index) => {
    if (vectors) return vectors.counts[0] ? rowOf(vectors.matrix, 1) : nothing;
    return composed.statement(characters[index] as Character) ?? nothing;
  });
  const vectorsOf = (index: number): TextVectors =>
    (own[index] ?? composed.vectors(characters[index] as Character)) as TextVectors;
  const computing = fit.supporters(characters, statements).then((done) => {
    sides = done;
  });
  if (fit.slow)
    computing.catch((error: unknown) =>
      logger.warn({ reason: reasonOf(error) }, 'the learned fit of the bank could not be computed'),
    );
  else await computing;
  return {
    characters,
    statements: quantise(statements, dimensions),
    vectorsOf,
    board,
    own: characters.map((character, index) => {
      if (character.tags.length > 0) return themesOf(themes, character.tags);
      return toldThemes(character, vectorsOf(index), board);
    }),
    sides: () => sides,
  };
}

/** The themes of a character without tags: those its texts speak of, likeliest first. */
function toldThemes(character: Character, vectors: TextVectors, board: ThemeBoard): number[] {
  const [from, to] = viewRows(vectors, 1);
  const probabilities = board.probabilities({
    text: experienceText(character),
    whole: rowOf(vectors.matrix, 1),
    parts: Array.from({ length: to - from }, (_, row) => rowOf(vectors.matrix, from + row)),
  });
  return [...probabilities.keys()]
    .sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))
    .slice(0, maxToldThemes);
}
