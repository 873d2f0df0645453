/** Which side of a comparison a text stands on: what is asked, or what may answer it. */
export type MeaningSide = 'query' | 'passage';

/** Texts in many languages to vectors: who means alike points alike. */
export interface Meaning {
  /** A vector of length one for each text, in order. @throws RapportError where the model cannot be used. */
  vectors(texts: readonly string[], side: MeaningSide): Promise<readonly Float32Array[]>;
}

/** The cosine of two vectors of length one. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
