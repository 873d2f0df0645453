import { InferenceSession } from 'onnxruntime-node';
import { CachedGraph } from './cached-graph.js';
import { type KeyValueCache, KeyValueGraph } from './key-value-graph.js';

interface Entry {
  readonly ids: readonly number[];
  readonly cache: KeyValueCache;
}

/** A part shorter than this is read anew, tokens. */
const leastShared = 16;

/** The caches of the last prompts, so that what a prompt shares with one of them is not read again. */
class PromptCache {
  readonly #graph: KeyValueGraph;
  readonly #capacity: number;
  /** The one used last at the end. */
  #entries: Entry[] = [];

  /** @param capacity prompts kept; one of 600 tokens takes 29 MB with the voice. */
  constructor(graph: KeyValueGraph, capacity: number) {
    this.#graph = graph;
    this.#capacity = capacity;
  }

  /** Reads a prompt. @returns its cache [1 row] and the logits [vocabulary] behind its last token. */
  async read(
    ids: readonly number[],
  ): Promise<{ readonly cache: KeyValueCache; readonly logits: Float32Array }> {
    const cache = this.#graph.cache(1, ids.length);
    const best = this.#closest(ids);
    const shared = best ? Math.min(sharedLength(best.ids, ids), ids.length - 1) : 0;
    if (best && shared >= leastShared) {
      cache.take(best.cache, [0], shared);
      // The same conversation one turn further: the older prompt will not be asked for again.
      if (shared >= 0.6 * best.ids.length) this.#entries = this.#entries.filter((entry) => entry !== best);
    }
    const [logits] = await this.#graph.run(ids.slice(cache.filled), cache);
    this.#entries = [...this.#entries, { ids, cache }].slice(-this.#capacity);
    return { cache, logits: (logits ?? new Float32Array(0)).slice() };
  }

  #closest(ids: readonly number[]): Entry | undefined {
    let best: Entry | undefined;
    let most = 0;
    for (const entry of this.#entries) {
      const shared = sharedLength(entry.ids, ids);
      if (shared > most) [best, most] = [entry, shared];
    }
    return best;
  }
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** Texts of one prompt that are written side by side. */
export interface Rows {
  /** [rows] of [vocabulary], behind the last token of each. */
  readonly logits: readonly Float32Array[];
  /** Appends a token to every row. */
  step(ids: readonly number[]): Promise<Rows>;
  /** Rows picked by index. */
  pick(rows: readonly number[]): Rows;
}

/** A decoder graph with its key-value cache, whatever its layout. */
export interface Decoder {
  /** Reads a prompt. @param room tokens that may be written behind it. */
  begin(ids: readonly number[], rows: number, room: number): Promise<Rows>;
  /** The logits [vocabulary] behind each of `ids`. */
  logits(ids: readonly number[]): Promise<Float32Array[]>;
}

/** Prompts whose caches are kept: the conversations of the moment. */
const keptPrompts = 3;

/**
 * Loads a decoder. A graph that is told positions copies its cache at every step; one whose attention counts for itself writes
 * into the cache it is given, and of a prompt reads only what the last ones did not share.
 */
export async function loadDecoder(file: string, threads: number): Promise<Decoder> {
  const session = await InferenceSession.create(file, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  if (session.inputNames.includes('position_ids')) {
    const graph = new CachedGraph(session);
    return {
      begin: async (ids, rows) => (await graph.prefill(ids)).pick(Array.from({ length: rows }, () => 0)),
      logits: (ids) => graph.logits(ids),
    };
  }
  const graph = new KeyValueGraph(session);
  const prompts = new PromptCache(graph, keptPrompts);
  return {
    begin: async (ids, rows, room) => {
      const { cache, logits } = await prompts.read(ids);
      return graph.rows(cache, logits, rows, room);
    },
    logits: (ids) => graph.logits(ids),
  };
}
