import { type InferenceSession, Tensor } from 'onnxruntime-node';

type Cache = Record<string, Tensor>;

/**
 * A decoder graph with a key-value cache in the layout of transformers.js: `input_ids`, `attention_mask`,
 * `position_ids`, `past_key_values.N.key|value` [batch, heads, past, head size] → `logits`, `present.N.key|value`.
 */
export class CachedGraph {
  readonly #session: InferenceSession;
  readonly #caches: readonly {
    readonly input: string;
    readonly output: string;
    readonly heads: number;
    readonly size: number;
  }[];

  /** @throws Error where the graph is of another layout. */
  constructor(session: InferenceSession) {
    this.#session = session;
    this.#caches = session.inputMetadata.flatMap((input) => {
      if (!input.isTensor || !input.name.startsWith('past_key_values.')) return [];
      const [, heads, , size] = input.shape;
      if (typeof heads !== 'number' || typeof size !== 'number')
        throw new Error(`${input.name} has no fixed heads and head size`);
      return [{ input: input.name, output: input.name.replace('past_key_values', 'present'), heads, size }];
    });
    const missing = ['input_ids', 'attention_mask', 'position_ids'].find(
      (name) => !session.inputNames.includes(name),
    );
    if (missing) throw new Error(`the graph has no input "${missing}"`);
    if (this.#caches.length === 0) throw new Error('the graph has no key-value cache');
  }

  /** Reads a prompt once. */
  async prefill(ids: readonly number[]): Promise<Continuation> {
    return new Continuation(this, this.#empty(), 0, 1, []).step(ids);
  }

  /** The logits [vocabulary] after each of `ids`. */
  async logits(ids: readonly number[]): Promise<Float32Array[]> {
    const { data, vocabulary } = logitsOf(await this.#feed(ids, 1, 0, this.#empty()));
    return ids.map((_, place) => data.subarray(place * vocabulary, (place + 1) * vocabulary));
  }

  /** Runs `ids` [rows × length] after a cache of `past` positions. */
  async run(
    ids: readonly number[],
    rows: number,
    past: number,
    cache: Cache,
  ): Promise<{ logits: Float32Array[]; cache: Cache }> {
    const length = ids.length / rows;
    const out = await this.#feed(ids, rows, past, cache);
    const { data, vocabulary } = logitsOf(out);
    const next: Cache = {};
    for (const { input, output } of this.#caches) {
      const present = out[output];
      if (!present) throw new Error(`the graph gives no "${output}"`);
      next[input] = present;
    }
    return {
      logits: Array.from({ length: rows }, (_, row) => {
        const start = ((row + 1) * length - 1) * vocabulary;
        return data.slice(start, start + vocabulary);
      }),
      cache: next,
    };
  }

  #empty(): Cache {
    const empty: Cache = {};
    for (const { input, heads, size } of this.#caches)
      empty[input] = new Tensor('float32', new Float32Array(0), [1, heads, 0, size]);
    return empty;
  }

  #feed(
    ids: readonly number[],
    rows: number,
    past: number,
    cache: Cache,
  ): Promise<InferenceSession.OnnxValueMapType> {
    const length = ids.length / rows;
    return this.#session.run({
      ...cache,
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [rows, length]),
      attention_mask: new Tensor('int64', new BigInt64Array(rows * (past + length)).fill(1n), [
        rows,
        past + length,
      ]),
      position_ids: new Tensor(
        'int64',
        BigInt64Array.from({ length: rows * length }, (_, i) => BigInt(past + (i % length))),
        [rows, length],
      ),
    });
  }
}

function logitsOf({ logits }: InferenceSession.OnnxValueMapType): {
  readonly data: Float32Array;
  readonly vocabulary: number;
} {
  if (!(logits?.data instanceof Float32Array)) throw new Error('the graph gives no "logits" in float32');
  return { data: logits.data, vocabulary: logits.dims[2] ?? 0 };
}

/** A state of generation: the cache of some rows and the logits of their last positions. */
export class Continuation {
  readonly #graph: CachedGraph;
  readonly #cache: Cache;
  readonly #past: number;
  readonly rows: number;
  /** [rows] of [vocabulary] */
  readonly logits: Float32Array[];

  constructor(graph: CachedGraph, cache: Cache, past: number, rows: number, logits: Float32Array[]) {
    this.#graph = graph;
    this.#cache = cache;
    this.#past = past;
    this.rows = rows;
    this.logits = logits;
  }

  /** Appends the same number of tokens to every row. */
  async step(ids: readonly number[]): Promise<Continuation> {
    const { logits, cache } = await this.#graph.run(ids, this.rows, this.#past, this.#cache);
    return new Continuation(this.#graph, cache, this.#past + ids.length / this.rows, this.rows, logits);
  }

  /** Rows picked by index; the same index again makes a copy. */
  pick(rows: readonly number[]): Continuation {
    const cache: Cache = {};
    for (const [name, tensor] of Object.entries(this.#cache)) {
      const all = tensor.data as Float32Array;
      const size = all.length / this.rows;
      const data = new Float32Array(size * rows.length);
      for (const [place, row] of rows.entries())
        data.set(all.subarray(row * size, (row + 1) * size), place * size);
      cache[name] = new Tensor('float32', data, [rows.length, ...tensor.dims.slice(1)]);
    }
    const logits = rows.map((row) => (this.logits[row] ?? new Float32Array(0)).slice());
    return new Continuation(this.#graph, cache, this.#past, rows.length, logits);
  }
}
