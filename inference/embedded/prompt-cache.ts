import type { KeyValueCache, KeyValueGraph } from './key-value-graph.js';

interface Entry {
  readonly ids: readonly number[];
  readonly cache: KeyValueCache;
}

/** A part shorter than this is read anew, tokens. */
const leastShared = 16;

/** The caches of the last prompts, so that what a prompt shares with one of them is not read again. */
export class PromptCache {
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
