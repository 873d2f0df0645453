import type { Reading } from '../../src/care/risk-judge.js';
import type { stopRequest } from '../onnx/native-thread.js';

export interface ReaderSettings {
  /** Folder with model.json, tokenizer.json and model.onnx of the shared lower half. */
  readonly reader: string;
  /** Name of a head → its folder with model.json and model.onnx; `care` gives readings, the others vectors. */
  readonly heads: Readonly<Record<string, string>>;
}

export type ToReader =
  | typeof stopRequest
  | {
      readonly type: 'read';
      readonly id: number;
      readonly text: string;
      /** The turns before, as the head was taught to read them; '' for none. */
      readonly context: string;
    }
  | {
      readonly type: 'vectors';
      readonly id: number;
      readonly head: string;
      /** What the head's manifest calls the side of the comparison on which these texts stand. */
      readonly side: string;
      readonly texts: readonly string[];
    };

export type FromReader =
  | { readonly type: 'reading'; readonly id: number; readonly reading: Reading }
  /** Of length one, in the order of the texts. */
  | { readonly type: 'vectors'; readonly id: number; readonly vectors: readonly Float32Array[] };
