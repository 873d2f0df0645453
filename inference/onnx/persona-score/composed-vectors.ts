import { createHash } from 'node:crypto';
import { partsOf } from '../../../characters/composed/composed-bank.js';
import { fill } from '../../../characters/composed/grammar.js';
import type { Part, Pool } from '../../../characters/composed/part-schema.js';
import type { Character } from '../../../characters/schema.js';
import type { TextVectors } from '../bank-vectors.js';
import { sentences } from '../character-texts.js';
import type { TextEncoder } from '../sentence-encoder.js';
import { meanVector, quantise, type VectorMatrix } from '../vector-matrix.js';
import { rowOf } from './theme-board.js';

/** Pools whose parts tell of what was lived through, a vector a sentence. */
const lived: ReadonlySet<Pool> = new Set([
  'origin',
  'growth',
  'family',
  'family2',
  'circle',
  'friend2',
  'state',
  'habit',
]);
/** Pools that tell what the days are spent with, a vector a part. */
const everyday: ReadonlySet<Pool> = new Set(['job', 'job2', 'hobby', 'hobby2', 'home', 'place']);

/** How much each of them counts in the vector that stands for a statement. */
const stated = { growth: 3, job: 1, hobby: 1 } as const satisfies Partial<Record<Pool, number>>;

const usual: Readonly<Record<string, string>> = {
  town: 'town',
  region: 'the country',
  man: 'Tom',
  man2: 'Paul',
  woman: 'Anna',
  woman2: 'Mary',
};
/** A part's text with the same names for everybody: one vector serves all who have it. */
const neutral = (text: string): string => fill(text, (slot) => usual[slot] ?? '2010');

function livedTexts(part: Part): string[] {
  return lived.has(part.pool) ? sentences(neutral(part.text)) : [];
}

function everydayTexts(part: Part): string[] {
  if (!everyday.has(part.pool)) return [];
  return [...(part.title === undefined ? [] : [part.title]), neutral(part.text)];
}

function statedText({ pool, sum, helps }: Part): string | null {
  if (!(pool in stated)) return null;
  return pool === 'growth' ? `Has ${sum}; ${helps}.` : sum;
}

interface Placed {
  /** Rows of what it tells of, of the days, and of the clause that stands for it; 0 where there is none. */
  readonly lived: readonly number[];
  readonly everyday: readonly number[];
  readonly stated: number;
}

/** Hash of everything the vectors of the parts depend on. */
function partsHash(texts: readonly string[], fingerprint: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['parts', fingerprint, texts]))
    .digest('base64url')
    .slice(0, 22);
}

/**
 * The vectors of composed characters, put together from those of their parts when they are asked for: 1,024 characters share
 * some thousand rows.
 */
export class ComposedVectors {
  /** All rows; null where no character is composed. */
  readonly rows: TextVectors | null;
  readonly #placed: ReadonlyMap<Part, Placed>;

  private constructor(rows: TextVectors | null, placed: ReadonlyMap<Part, Placed>) {
    this.rows = rows;
    this.#placed = placed;
  }

  /** @param known the vectors of a hash, computed where there are none. */
  static async of(
    characters: readonly Character[],
    encoder: TextEncoder,
    known: (hash: string, compute: () => Promise<TextVectors>) => Promise<TextVectors>,
  ): Promise<ComposedVectors> {
    const parts = [...new Set(characters.flatMap((character) => partsOf(character) ?? []))];
    if (parts.length === 0) return new ComposedVectors(null, new Map());
    const told = parts.map((part) => ({
      part,
      lived: livedTexts(part),
      everyday: everydayTexts(part),
      stated: statedText(part) ?? '',
    }));
    const texts = [...new Set(told.flatMap((each) => [...each.lived, ...each.everyday, each.stated]))].sort();
    const places = new Map(texts.map((text, place) => [text, text === '' ? 0 : place + 1]));
    const placeOf = (text: string): number => places.get(text) ?? 0;
    const hash = partsHash(texts, encoder.fingerprint);
    const rows = await known(hash, async () => {
      const first = new Float32Array(encoder.dimensions); // row 0 is a mean in every set of vectors; none is needed here
      const all = await encoder.encode(texts, { urgent: false, remember: false });
      return { hash, counts: [texts.length], matrix: quantise([first, ...all], encoder.dimensions) };
    });
    const placed = new Map(
      told.map(({ part, ...each }): [Part, Placed] => [
        part,
        {
          lived: each.lived.map(placeOf),
          everyday: each.everyday.map(placeOf),
          stated: placeOf(each.stated),
        },
      ]),
    );
    return new ComposedVectors(rows, placed);
  }

  /** The vector that stands for a statement, normalised; null for a character that is not composed. */
  statement(character: Character): Float32Array | null {
    const parts = partsOf(character);
    if (!parts || !this.rows) return null;
    const { matrix } = this.rows;
    const told = parts.flatMap((part) => {
      const place = this.#placed.get(part)?.stated ?? 0;
      const weight = stated[part.pool as keyof typeof stated] ?? 0;
      return place === 0 ? [] : Array.from({ length: weight }, () => rowOf(matrix, place));
    });
    return meanVector(told);
  }

  /** The rows of a composed character in the order of `viewNames`; null for others. */
  vectors(character: Character): TextVectors | null {
    const placed = partsOf(character)?.flatMap((part) => this.#placed.get(part) ?? []);
    if (!placed || !this.rows) return null;
    const tells = placed.flatMap((part) => part.lived);
    const days = placed.flatMap((part) => part.everyday);
    return {
      hash: this.rows.hash,
      counts: [1, tells.length, days.length],
      matrix: gathered(this.rows.matrix, [0, 0, ...tells, ...days], this.statement(character)),
    };
  }
}

/** Some rows of a matrix as one of their own; row 1 is the statement. */
function gathered(
  from: VectorMatrix,
  places: readonly number[],
  statement: Float32Array | null,
): VectorMatrix {
  const { dimensions } = from;
  const values = new Int8Array(places.length * dimensions);
  const scales = new Float32Array(places.length);
  for (const [row, place] of places.entries()) {
    scales[row] = from.scales[place] ?? 0;
    values.set(from.values.subarray(place * dimensions, (place + 1) * dimensions), row * dimensions);
  }
  if (statement) {
    const own = quantise([statement], dimensions);
    scales[1] = own.scales[0] ?? 0;
    values.set(own.values, dimensions);
  }
  return { dimensions, values, scales };
}
