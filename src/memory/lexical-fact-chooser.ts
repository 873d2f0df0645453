import { LexicalIndex } from '../text/lexical-index.js';
import type { Asked, FactChoice, FactChooser } from './fact-chooser.js';

const beforeWeight = 0.3;

/** Chooses by shared words (BM25); among equals the newer fact stands first. */
export class LexicalFactChooser implements FactChooser {
  readonly kind = 'lexical';

  async choose({ text, before = '' }: Asked, facts: readonly string[]): Promise<FactChoice> {
    const index = new LexicalIndex(facts);
    const now = index.scores(text);
    const earlier = index.scores(before);
    const ranked = facts
      .map((_, place) => ({
        index: place,
        score: (now[place] ?? 0) + beforeWeight * (earlier[place] ?? 0),
      }))
      .sort((a, b) => b.score - a.score || b.index - a.index);
    return { ranked, fitting: ranked.filter(({ score }) => score > 0) };
  }
}
