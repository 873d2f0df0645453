import { createHash } from 'node:crypto';
import type { Character } from '../../characters/schema.js';
import { type CharacterTexts, characterTexts, viewNames } from './character-texts.js';
import type { TextEncoder } from './sentence-encoder.js';
import { meanVector, quantise, type VectorMatrix } from './vector-matrix.js';

/** Vectors of texts in groups: of a character the rows of each view in the order of `viewNames`. */
export interface TextVectors {
  /** Hash of the texts and the encoder: the vectors are valid as long as it is the same. */
  readonly hash: string;
  /** Rows a group. */
  readonly counts: readonly number[];
  /** Row 0 is a mean: of a character the normalised mean of the lived sentences (the statement where there are none). */
  readonly matrix: VectorMatrix;
}

/** Hash of everything the vectors of a character depend on. */
export function textsHash(texts: CharacterTexts, fingerprint: string): string {
  return createHash('sha256')
    .update(JSON.stringify([fingerprint, texts]))
    .digest('base64url')
    .slice(0, 22);
}

/** Encodes one character, giving way to whatever a person waits for. */
export async function encodeCharacter(character: Character, encoder: TextEncoder): Promise<TextVectors> {
  const texts = characterTexts(character);
  const all = await encoder.encode(
    viewNames.flatMap((name) => texts[name]),
    { urgent: false, remember: false },
  );
  const counts = viewNames.map((name) => texts[name].length);
  const [statements = 0, lived = 0] = counts;
  const mean =
    meanVector(all.slice(statements, statements + lived)) ?? all[0] ?? new Float32Array(encoder.dimensions);
  return {
    hash: textsHash(texts, encoder.fingerprint),
    counts,
    matrix: quantise([mean, ...all], encoder.dimensions),
  };
}

/** First row of a group and the row after its last. */
export function viewRows({ counts }: Pick<TextVectors, 'counts'>, view: number): [from: number, to: number] {
  let from = 1;
  for (let before = 0; before < view; before += 1) from += counts[before] ?? 0;
  return [from, from + (counts[view] ?? 0)];
}
