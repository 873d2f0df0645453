import type { Reading } from '../../src/care/risk-judge.js';
import type { stopRequest } from '../onnx/native-thread.js';

export interface ReaderSettings {
  /** Folder with model.json, tokenizer.json and model.onnx of the shared lower half. */
  readonly reader: string;
  /** Folder with model.json and model.onnx of the care head. */
  readonly care: string;
}

export type ToReader =
  | typeof stopRequest
  | {
      readonly type: 'read';
      readonly id: number;
      readonly text: string;
      /** The turns before, as the head was taught to read them; '' for none. */
      readonly context: string;
    };

export type FromReader = { readonly type: 'reading'; readonly id: number; readonly reading: Reading };
