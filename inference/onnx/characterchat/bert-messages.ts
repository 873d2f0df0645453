import type { stopRequest } from '../native-thread.js';

export interface BertSettings {
  /** Folder of a converted checkpoint, its files checked before the first run. */
  readonly folder: string;
}

/** Whole numbers of one row, [1 × n], by input name. */
export type TokenFeeds = Readonly<Record<string, readonly number[]>>;

export type ToBert =
  | typeof stopRequest
  | {
      readonly type: 'run';
      readonly id: number;
      /** A graph in the folder. */
      readonly file: string;
      readonly feeds: TokenFeeds;
      /** A person waits for it: goes before everything that is not urgent. */
      readonly urgent: boolean;
    };

export interface FromBert {
  readonly type: 'output';
  readonly id: number;
  /** The graph's only output. */
  readonly output: Float32Array;
}
