import { createHash } from 'node:crypto';
import type { Character } from '../../characters/schema.js';
import { type CharacterTexts, characterTexts, viewNames } from './character-texts.js';
import type { TextEncoder } from './sentence-encoder.js';
import { meanVector, quantise, type VectorMatrix } from './vector-matrix.js';

/** One character's vectors: a mean for the coarse pass, then the rows of each view in the order of `viewNames`. */
export interface CharacterVectors {
  /** Hash of the texts and the encoder: the vectors are valid as long as it is the same. */
  readonly hash: string;
  /** Rows a view. */
  readonly counts: readonly number[];
  /** Row 0 is the normalised mean of the lived sentences (of the statement where there are none). */
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
export async function encodeCharacter(character: Character, encoder: TextEncoder): Promise<CharacterVectors> {
  const texts = characterTexts(character);
  const all = await encoder.encode(
    viewNames.flatMap((name) => texts[name]),
    { urgent: false, remember: false },
  );
  const counts = viewNames.map((name) => texts[name].length);
  const [statements = 0, themes = 0, lived = 0] = counts;
  const livedFrom = statements + themes;
  const mean =
    meanVector(all.slice(livedFrom, livedFrom + lived)) ?? all[0] ?? new Float32Array(encoder.dimensions);
  return {
    hash: textsHash(texts, encoder.fingerprint),
    counts,
    matrix: quantise([mean, ...all], encoder.dimensions),
  };
}

/** First row of a view and the row after its last. */
export function viewRows({ counts }: CharacterVectors, view: number): [from: number, to: number] {
  let from = 1;
  for (let before = 0; before < view; before += 1) from += counts[before] ?? 0;
  return [from, from + (counts[view] ?? 0)];
}
