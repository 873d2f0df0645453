import type { ChatMessage } from '../../src/prompting/chat-model.js';
import type { stopRequest } from '../onnx/native-thread.js';
import type { Decoding } from './decoding.js';

export interface ChatWorkerSettings {
  /** `graph`: our own folder with model.json; `transformers`: anything transformers.js can load. */
  readonly runtime: 'graph' | 'transformers';
  /** A folder, or a hub id where `remote`. */
  readonly model: string;
  readonly remote: boolean;
  /** Where models from the hub are kept. */
  readonly cacheDir: string;
  /** Threads of one graph run. */
  readonly threads: number;
}

export interface GenerateJob {
  readonly prompt: string | readonly number[] | readonly ChatMessage[];
  readonly decoding: Partial<Decoding>;
  readonly stop: readonly string[];
  /** Replies sampled at once; 1 streams. */
  readonly candidates: number;
}

export type ToChat =
  | typeof stopRequest
  | { readonly type: 'generate'; readonly id: number; readonly job: GenerateJob }
  | { readonly type: 'count'; readonly id: number; readonly text: string }
  | { readonly type: 'score'; readonly id: number; readonly prompt: string; readonly text: string }
  | { readonly type: 'load'; readonly id: number }
  | { readonly type: 'abort'; readonly id: number };

/** One sampled reply. */
export interface Candidate {
  readonly text: string;
  readonly tokens: readonly number[];
  /** Mean natural-log probability of its tokens under the model at temperature 1. */
  readonly meanLogProbability: number;
  readonly finishReason: 'stop' | 'length';
  readonly stopReason: string | null;
}

export interface Generated {
  readonly candidates: readonly Candidate[];
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type FromChat =
  /** Text of a job with one candidate, as it is generated. */
  | { readonly type: 'text'; readonly id: number; readonly text: string }
  | { readonly type: 'generated'; readonly id: number; readonly generated: Generated }
  | { readonly type: 'counted'; readonly id: number; readonly tokens: number }
  /** Natural-log probability of a text; null where the model cannot say. */
  | { readonly type: 'scored'; readonly id: number; readonly logProbability: number | null }
  | { readonly type: 'loaded'; readonly id: number; readonly contextTokens: number };
