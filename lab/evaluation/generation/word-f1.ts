import { countRuns, sharedCount } from './ngrams.js';
import { splitWords } from './nltk-tokens.js';

const marks = /[!"#$%&()*+,\-./:;<=>?@[\]\\^`{|}~_']/g;
const articles = /(?<![\p{L}\p{N}_])(?:an?|the)(?![\p{L}\p{N}_])/gu;

/**
 * F1 of words in [0, 1] as ParlAI's `F1Metric`: lower case, ASCII punctuation to spaces, without a, an, the; each word as often as it
 * occurs; the best over the references. The corpus's value is the mean.
 */
export function parlaiF1(hypothesis: string, references: readonly string[]): number {
  const said = parlaiWords(hypothesis);
  return Math.max(0, ...references.map((reference) => wordF1(said, parlaiWords(reference))));
}

function parlaiWords(text: string): string[] {
  return splitWords(text.toLowerCase().replace(marks, ' ').replace(articles, ' '));
}

/** F1 of two lists of words, each word as often as it occurs, in [0, 1]; 0 where they share none. */
export function wordF1(said: readonly string[], wanted: readonly string[]): number {
  const shared = sharedCount(countRuns(said, 1), countRuns(wanted, 1));
  return shared === 0 ? 0 : (2 * shared) / (said.length + wanted.length);
}
