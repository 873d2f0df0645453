import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Rows } from './decoder.js';

/** Positions a cache grows by, so that few sizes are in use. */
const stepSize = 128;

/** One key or value cache of the graph. */
interface Slot {
  readonly input: string;
  readonly output: string;
  readonly heads: number;
  readonly size: number;
}

/**
 * A decoder graph with a key-value cache: `input_ids`, `attention_mask`, `past_key_values.N.key|value` [batch, heads, past, head
 * size] → `logits`, `present.N.key|value`. The attention operator writes into the cache it is given (past and present are one
 * buffer), so a step copies nothing.
 */
export class KeyValueGraph {
  readonly #session: InferenceSession;
  readonly #slots: readonly Slot[];

  /** @throws Error where the graph is of another layout. */
  constructor(session: InferenceSession) {
    this.#session = session;
    this.#slots = session.inputMetadata.flatMap((input) => {
      if (!input.isTensor || !input.name.startsWith('past_key_values.')) return [];
      const [, heads, , size] = input.shape;
      if (typeof heads !== 'number' || typeof size !== 'number')
        throw new Error(`${input.name} has no fixed heads and head size`);
      return [{ input: input.name, output: input.name.replace('past_key_values', 'present'), heads, size }];
    });
    if (this.#slots.length === 0) throw new Error('the graph has no key-value cache');
  }

  /** An empty cache for `rows` texts of up to `positions` tokens. */
  cache(rows: number, positions: number): KeyValueCache {
    const room = Math.ceil(positions / stepSize) * stepSize;
    return new KeyValueCache(this.#slots, rows, room);
  }

  /**
   * Runs `ids` [rows × length] behind what the cache holds, and adds them to it.
   * @returns the logits [vocabulary] behind the last token of each row.
   * @throws RangeError where the cache has no room.
   */
  async run(ids: readonly number[], cache: KeyValueCache): Promise<Float32Array[]> {
    const { rows } = cache;
    const length = ids.length / rows;
    const { data, vocabulary } = await this.#feed(ids, cache);
    cache.filled += length;
    return Array.from({ length: rows }, (_, row) => {
      const start = ((row + 1) * length - 1) * vocabulary;
      return data.subarray(start, start + vocabulary);
    });
  }

  /** Copies of a prompt that has been read, to be written on side by side. @param logits behind its last token. */
  rows(prompt: KeyValueCache, logits: Float32Array, count: number, room: number): Rows {
    const copies = Array.from({ length: count }, () => 0);
    const cache = this.cache(count, prompt.filled + room);
    cache.take(prompt, copies);
    return this.#rows(
      cache,
      copies.map(() => logits),
    );
  }

  #rows(cache: KeyValueCache, logits: readonly Float32Array[]): Rows {
    return {
      logits,
      step: async (ids) => this.#rows(cache, await this.run(ids, cache)),
      pick: (rows) => {
        const picked = this.cache(rows.length, cache.room);
        picked.take(cache, rows);
        return this.#rows(
          picked,
          rows.map((row) => logits[row] ?? new Float32Array(0)),
        );
      },
    };
  }

  /** The logits [vocabulary] behind each of `ids`, alone. */
  async logits(ids: readonly number[]): Promise<Float32Array[]> {
    const { data, vocabulary } = await this.#feed(ids, this.cache(1, ids.length));
    return ids.map((_, place) => data.subarray(place * vocabulary, (place + 1) * vocabulary));
  }

  async #feed(
    ids: readonly number[],
    cache: KeyValueCache,
  ): Promise<{ readonly data: Float32Array; readonly vocabulary: number }> {
    const { rows, filled, room } = cache;
    const length = ids.length / rows;
    if (filled + length > room) throw new RangeError(`a cache of ${room} positions is full`);
    const total = filled + length;
    const { logits } = await this.#session.run(
      {
        ...cache.inputs,
        input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [rows, length]),
        attention_mask: new Tensor('int64', new BigInt64Array(rows * total).fill(1n), [rows, total]),
      },
      { ...cache.outputs, logits: null },
    );
    if (!(logits?.data instanceof Float32Array)) throw new Error('the graph gives no "logits" in float32');
    return { data: logits.data, vocabulary: logits.dims[2] ?? 0 };
  }
}

/** The keys and values of some texts of equal length. */
export class KeyValueCache {
  /** Positions in use. */
  filled = 0;
  readonly rows: number;
  readonly room: number;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly #slots: readonly Slot[];

  constructor(slots: readonly Slot[], rows: number, room: number) {
    this.#slots = slots;
    this.rows = rows;
    this.room = room;
    const inputs: Record<string, Tensor> = {};
    const outputs: Record<string, Tensor> = {};
    for (const { input, output, heads, size } of slots) {
      const tensor = new Tensor('float32', new Float32Array(rows * heads * room * size), [
        rows,
        heads,
        room,
        size,
      ]);
      inputs[input] = tensor;
      outputs[output] = tensor;
    }
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Takes over rows of another cache, its first `filled` positions: row n becomes a copy of the other's row `from[n]`. */
  take(other: KeyValueCache, from: readonly number[], filled = other.filled): void {
    for (const { input, heads, size } of this.#slots) {
      const target = dataOf(this.inputs[input]);
      const source = dataOf(other.inputs[input]);
      for (const [row, origin] of from.entries())
        for (let head = 0; head < heads; head += 1) {
          const start = (origin * heads + head) * other.room * size;
          target.set(source.subarray(start, start + filled * size), (row * heads + head) * this.room * size);
        }
    }
    this.filled = filled;
  }
}

function dataOf(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('a cache is no float32');
  return tensor.data;
}
