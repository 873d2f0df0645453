import { contentWords } from '../../../src/text/content-words.js';

/**
 * F1 of a reply's content words against those of a text about the persona (as knowledge F1: Dinan et al. 2019), in [0, 1];
 * 0 where they share none.
 */
export function personaF1(reply: string, persona: string): number {
  const said = new Set(contentWords(reply));
  const known = new Set(contentWords(persona));
  const shared = [...said].filter((word) => known.has(word)).length;
  return shared === 0 ? 0 : (2 * shared) / (said.size + known.size);
}
