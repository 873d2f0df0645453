import type { Feeds, Outputs } from './head-graphs.js';
import type { stopRequest } from './native-thread.js';

export interface EncoderSettings {
  /** Folder with model.json, tokenizer.json and model.onnx. */
  readonly folder: string;
}

export type ToEncoder =
  | typeof stopRequest
  | {
      readonly type: 'encode';
      readonly id: number;
      readonly texts: readonly string[];
      /** A person waits for it: goes before everything that is not urgent. */
      readonly urgent: boolean;
    }
  /** Runs a scorer's graph, loaded when first asked for. */
  | { readonly type: 'run'; readonly id: number; readonly folder: string; readonly feeds: Feeds };

export type FromEncoder =
  /** [n × dimensions], row after row, L2-normalised. */
  | { readonly type: 'vectors'; readonly id: number; readonly matrix: Float32Array }
  | { readonly type: 'outputs'; readonly id: number; readonly outputs: Outputs };
