import { createHash } from 'node:crypto';
import type { Theme } from '../../../config/themes.js';
import { ThemeWords, themeProbabilities } from '../../../src/matching/theme-evidence.js';
import { type TextVectors, viewRows } from '../bank-vectors.js';
import type { TextEncoder } from '../sentence-encoder.js';
import { bestCosine, cosine, quantise, rowCosine, type VectorMatrix } from '../vector-matrix.js';

/** A person's words as vectors. */
export interface ThemeQuery {
  /** All that is known of them, as one text. */
  readonly text: string;
  readonly whole: Float32Array;
  /** The sentences of what troubles them. */
  readonly parts: readonly Float32Array[];
}

/** Shared words add so much to a theme's cosine, in units of the spread between themes. */
const wordShare = 0.4;
/** Softmax temperature, in the same units. */
const temperature = 0.2;
/** Of a theme's lines the mean of so many best ones is compared with the whole text. */
const bestLines = 2;

/** Hash of everything the vectors of themes depend on. */
export function themesHash(themes: readonly Theme[], fingerprint: string): string {
  const texts = themes.map(({ lines }) => lines);
  return createHash('sha256')
    .update(JSON.stringify(['themes', fingerprint, texts]))
    .digest('base64url')
    .slice(0, 22);
}

/** The lines of themes as vectors, giving way to whatever a person waits for. */
export async function encodeThemes(themes: readonly Theme[], encoder: TextEncoder): Promise<TextVectors> {
  const all = await encoder.encode(
    themes.flatMap(({ lines }) => lines),
    { urgent: false, remember: false },
  );
  const first = new Float32Array(encoder.dimensions); // row 0 is a mean in every set of vectors; none is needed here
  return {
    hash: themesHash(themes, encoder.fingerprint),
    counts: themes.map(({ lines }) => lines.length),
    matrix: quantise([first, ...all], encoder.dimensions),
  };
}

/** Themes as vectors of their lines: what a person's words are compared with to tell what they speak of. */
export class ThemeBoard {
  readonly themes: readonly Theme[];
  readonly #matrix: VectorMatrix;
  readonly #rows: readonly (readonly [from: number, to: number])[];
  readonly #words: ThemeWords;
  readonly #spread: number;

  constructor(themes: readonly Theme[], vectors: TextVectors) {
    this.themes = themes;
    this.#matrix = vectors.matrix;
    this.#rows = themes.map((_, place) => viewRows(vectors, place));
    this.#words = new ThemeWords(themes);
    this.#spread = spreadOf(this.#matrix, this.#rows);
  }

  /**
   * How likely each theme is what the person speaks of: half the mean over their sentences of the best line's cosine, half
   * the best two lines against the whole text, and shared words; then a softmax.
   */
  probabilities({ text, whole, parts }: ThemeQuery): Float64Array {
    const words = this.#words.scores(text);
    const sentences = parts.length > 0 ? parts : [whole];
    const evidence = this.#rows.map(([from, to], place) => {
      let sum = 0;
      for (const sentence of sentences) sum += bestCosine(this.#matrix, from, to, sentence);
      const near = (sum / sentences.length + meanOfBest(this.#matrix, from, to, whole, bestLines)) / 2;
      return near + wordShare * this.#spread * (words[place] ?? 0);
    });
    return themeProbabilities(evidence, temperature * this.#spread);
  }
}

/** Mean of the `k` highest cosines of rows [from, to), of fewer where there are fewer; 0 where there are none. */
export function meanOfBest(
  matrix: VectorMatrix,
  from: number,
  to: number,
  query: Float32Array,
  k: number,
): number {
  const best: number[] = [];
  for (let row = from; row < to; row += 1) {
    const value = rowCosine(matrix, row, query);
    if (best.length === k && value <= (best[k - 1] ?? 0)) continue;
    if (best.length === k) best.pop();
    best.push(value);
    best.sort((a, b) => b - a);
  }
  return best.length > 0 ? best.reduce((sum, value) => sum + value, 0) / best.length : 0;
}

/** Of the shipped encoder; used where there are too few lines to measure it. */
const usualSpread = 0.23;
const leastSpread = 0.02;

/**
 * The unit of evidence under an encoder: how much nearer a line is to the nearest other line of its theme than to any line
 * on average. Measured on the themes themselves, so that another encoder needs no other constants.
 */
function spreadOf(matrix: VectorMatrix, rows: readonly (readonly [from: number, to: number])[]): number {
  const themes = rows.map(([from, to]) =>
    Array.from({ length: to - from }, (_, index) => rowOf(matrix, from + index)),
  );
  const lines = themes.flat();
  const mean = new Float32Array(matrix.dimensions);
  for (const line of lines)
    for (const [i, value] of line.entries()) mean[i] = (mean[i] ?? 0) + value / lines.length;
  let within = 0;
  let pairs = 0;
  for (const theme of themes.filter(({ length }) => length > 1))
    for (const line of theme) {
      within += Math.max(...theme.filter((other) => other !== line).map((other) => cosine(line, other)));
      pairs += 1;
    }
  const across = cosine(mean, mean);
  const spread = pairs > 0 ? within / pairs - across : 0;
  return spread > leastSpread ? spread : usualSpread;
}

/** A row as it was before it was quantised, but for the rounding. */
export function rowOf({ values, scales, dimensions }: VectorMatrix, row: number): Float32Array {
  const scale = scales[row] ?? 0;
  return Float32Array.from(
    values.subarray(row * dimensions, (row + 1) * dimensions),
    (value) => value * scale,
  );
}
