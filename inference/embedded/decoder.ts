import { InferenceSession } from 'onnxruntime-node';
import { CachedGraph } from './cached-graph.js';
import { KeyValueGraph } from './key-value-graph.js';
import { PromptCache } from './prompt-cache.js';

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
