import { LexicalIndex } from '../text/lexical-index.js';
import type { HistoryLine, MemoryCandidate, MemorySelection, MemorySelector } from './memory-selector.js';

/** Chooses by shared content words (BM25): the fallback when no encoder can be loaded. A memory that shares none is never chosen. */
export class LexicalMemorySelector implements MemorySelector {
  readonly kind = 'lexical';

  async select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
  ): Promise<MemorySelection> {
    const index = new LexicalIndex(
      candidates.map(({ aspect, text }) => `${aspect.replaceAll('_', ' ')} ${text}`),
    );
    const last = index.scores(history.at(-1)?.text ?? '');
    const earlier = index.scores(
      history
        .slice(0, -1)
        .map(({ text }) => text)
        .join(' '),
    );
    const considered = candidates
      .map((candidate, place) => ({ ...candidate, score: (last[place] ?? 0) + 0.3 * (earlier[place] ?? 0) }))
      .sort((a, b) => b.score - a.score);
    return { considered, chosen: considered.filter(({ score }) => score > 0).slice(0, k) };
  }
}
