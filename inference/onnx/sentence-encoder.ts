import { RecentMap } from '../../src/recent-map.js';
import { encoderManifestSchema } from './encoder-graph.js';
import type { Feeds, Outputs } from './head-graphs.js';
import { readManifest } from './model-folder.js';
import type { stopRequest } from './native-thread.js';
import { ThreadCalls } from './thread-calls.js';

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

export interface EncodeOptions {
  /** False for bulk work: gives way to requests a person waits for. Default true. */
  readonly urgent?: boolean;
  /** False keeps the vectors out of the cache of recent texts. Default true. */
  readonly remember?: boolean;
}

/** Texts to vectors. */
export interface TextEncoder {
  readonly dimensions: number;
  /** Name and version of the weights; part of every cache key. */
  readonly fingerprint: string;
  /**
   * One L2-normalised vector a text, in order.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
}

/** An encoder whose vectors trained scorers read, and the thread their graphs run in. */
export interface ScorerEncoder extends TextEncoder {
  /** sha256 of the weights: a scorer's graph fits one encoder only. */
  readonly sha256: string;
  /**
   * Runs the graph of a scorer's folder in the encoder's thread.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  run(folder: string, feeds: Feeds): Promise<Outputs>;
}

/** Vectors of recent texts kept, each `dimensions` × 4 bytes (2 kB at 512): 4 MB. */
const defaultCapacity = 2_048;
/** Texts a message to the thread carries; an urgent request waits for at most one bulk message. */
const bulkSize = 8;

/**
 * The sentence encoder in its own thread (onnxruntime-node computes synchronously, so it must not run in the main one),
 * with a cache of recent texts. The thread starts at the first text or at {@link warm}, and again after a crash.
 */
export class SentenceEncoder implements ScorerEncoder {
  readonly dimensions: number;
  readonly sha256: string;
  readonly fingerprint: string;
  readonly #recent: RecentMap<string, Promise<Float32Array>>;
  readonly #calls: ThreadCalls<ToEncoder, FromEncoder>;

  /** @throws RapportError RAPPORT_E_MODEL_FILE when the folder has no readable model.json. */
  constructor(folder: string, { capacity = defaultCapacity }: { readonly capacity?: number } = {}) {
    const manifest = readManifest(folder, encoderManifestSchema);
    this.dimensions = manifest.dimension;
    this.sha256 = manifest.sha256['model.onnx'] ?? '';
    this.fingerprint = `${manifest.name}@${manifest.version}:${this.sha256}`;
    const settings: EncoderSettings = { folder };
    this.#calls = new ThreadCalls({
      worker: 'inference/onnx/encoder-worker.js',
      settings,
      route: 'sentence encoder',
    });
    this.#recent = new RecentMap(capacity);
  }

  /** Loads the model now, so that broken files are found at start. @throws RapportError RAPPORT_E_MODEL_FILE */
  async warm(): Promise<void> {
    await this.encode(['warm'], { remember: false });
  }

  async encode(texts: readonly string[], options: EncodeOptions = {}): Promise<Float32Array[]> {
    const { urgent = true, remember = true } = options;
    const missing = [...new Set(texts)].filter((text) => this.#recent.get(text) === undefined);
    const fresh = new Map<string, Promise<Float32Array>>();
    for (let start = 0; start < missing.length; start += bulkSize) {
      const part = missing.slice(start, start + bulkSize);
      const matrix = this.#calls.ask('vectors', (id) => ({ type: 'encode', id, texts: part, urgent }));
      for (const [row, text] of part.entries()) {
        const vector = matrix.then((answer) =>
          answer.matrix.slice(row * this.dimensions, (row + 1) * this.dimensions),
        );
        fresh.set(text, vector);
        if (remember) this.#recent.set(text, vector);
        vector.catch(() => this.#recent.delete(text));
      }
    }
    return Promise.all(
      texts.map(async (text) => {
        const vector = fresh.get(text) ?? this.#recent.get(text);
        if (vector) return vector;
        const [again] = await this.encode([text], options); // pushed out of the cache by the others
        return again ?? new Float32Array(this.dimensions);
      }),
    );
  }

  async run(folder: string, feeds: Feeds): Promise<Outputs> {
    const { outputs } = await this.#calls.ask('outputs', (id) => ({ type: 'run', id, folder, feeds }));
    return outputs;
  }

  /** Ends the thread; a later `encode` would start it again. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}
