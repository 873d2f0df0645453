import { RapportError } from '../../config/errors.js';
import { encoderManifestSchema } from './encoder-graph.js';
import type { EncoderSettings, FromEncoder, ToEncoder } from './encoder-messages.js';
import { readManifest } from './model-folder.js';
import { NativeThread } from './native-thread.js';
import { RecentMap } from './recent-map.js';

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

interface Pending {
  readonly resolve: (matrix: Float32Array) => void;
  readonly reject: (error: RapportError) => void;
}

/** Vectors of recent texts kept, each `dimensions` × 4 bytes (2 kB at 512): 4 MB. */
const defaultCapacity = 2_048;
/** Texts a message to the thread carries; an urgent request waits for at most one bulk message. */
const bulkSize = 8;

/**
 * The sentence encoder in its own thread (onnxruntime-node computes synchronously, so it must not run in the main one),
 * with a cache of recent texts. The thread starts at the first text or at {@link warm}, and again after a crash.
 */
export class SentenceEncoder implements TextEncoder {
  readonly dimensions: number;
  readonly fingerprint: string;
  readonly #settings: EncoderSettings;
  readonly #recent: RecentMap<string, Promise<Float32Array>>;
  readonly #pending = new Map<number, Pending>();
  #thread: NativeThread<ToEncoder, FromEncoder> | null = null;
  #lastId = 0;

  /** @throws RapportError RAPPORT_E_MODEL_FILE when the folder has no readable model.json. */
  constructor(folder: string, { capacity = defaultCapacity }: { readonly capacity?: number } = {}) {
    const manifest = readManifest(folder, encoderManifestSchema);
    this.dimensions = manifest.dimension;
    this.fingerprint = `${manifest.name}@${manifest.version}:${manifest.sha256['model.onnx'] ?? ''}`;
    this.#settings = { folder };
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
      const matrix = this.#ask(part, urgent);
      for (const [row, text] of part.entries()) {
        const vector = matrix.then((all) => all.slice(row * this.dimensions, (row + 1) * this.dimensions));
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

  /** Ends the thread; a later `encode` would start it again. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.close();
  }

  #ask(texts: readonly string[], urgent: boolean): Promise<Float32Array> {
    const thread = this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    thread.hold(true);
    const answer = new Promise<Float32Array>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    thread.post({ type: 'encode', id, texts, urgent });
    return answer;
  }

  #start(): NativeThread<ToEncoder, FromEncoder> {
    if (this.#thread) return this.#thread;
    const thread = new NativeThread<ToEncoder, FromEncoder>(
      'inference/onnx/encoder-worker.js',
      this.#settings,
      {
        onMessage: (message) => this.#settle(message),
        onEnd: (reason) => {
          if (this.#thread === thread) this.#thread = null;
          this.#failAll(reason ?? 'it was closed');
        },
      },
    );
    this.#thread = thread;
    return thread;
  }

  #settle(message: FromEncoder): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#thread?.hold(false);
    if (message.type === 'vectors') pending?.resolve(message.matrix);
    else pending?.reject(new RapportError(message.error.code, message.error.details));
  }

  #failAll(reason: string): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting)
      reject(new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'sentence encoder', reason }));
  }
}
