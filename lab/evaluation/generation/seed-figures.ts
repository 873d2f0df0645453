import { distinct, mean } from '../metrics.js';
import { closestLength, countRuns, highestCounts, sharedCount } from './ngrams.js';

/** Of a run of words that no reference has (nltk's smoothing method 1; Chen & Cherry 2014). */
const epsilon = 0.1;

/**
 * BLEU of one text in [0, 1] as nltk's `sentence_bleu` with smoothing method 1.
 * @param weights of runs of 1, 2, … tokens.
 */
export function sentenceBleu(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
  weights: readonly number[],
): number {
  const nearest = closestLength(
    references.map(({ length }) => length),
    hypothesis.length,
  );
  let logarithm = 0;
  for (const [index, weight] of weights.entries()) {
    const said = countRuns(hypothesis, index + 1);
    const matched = sharedCount(said, highestCounts(references.map((one) => countRuns(one, index + 1))));
    if (index === 0 && matched === 0) return 0;
    const runs = Math.max(1, hypothesis.length - index);
    logarithm += weight * Math.log((matched === 0 ? epsilon : matched) / runs);
  }
  const brevity = hypothesis.length > nearest ? 1 : Math.exp(1 - nearest / hypothesis.length);
  return brevity * Math.exp(logarithm);
}

/** Of runs of 1 to 4; MIRACLE weighs the three of BLEU-3 by .33. */
const characterWeights = [[1], [0.5, 0.5], [0.33, 0.33, 0.33], [0.25, 0.25, 0.25, 0.25]];
const fourWords = [0.25, 0.25, 0.25, 0.25];

/** MIRACLE's BLEU (Lu et al. 2023) of one reply in [0, 1]: the mean of BLEU-1 to BLEU-4 over characters, not words. */
export function characterBleu(reply: string, references: readonly string[]): number {
  const said = [...reply];
  const wanted = references.map((reference) => [...reference]);
  return mean(characterWeights.map((weights) => sentenceBleu(said, wanted, weights)));
}

/**
 * MIRACLE's distinctness in [0, 1]: the mean of distinct-1, -2 and -3 over all replies together and over each alone; all three divided by
 * the number of words, as its program does.
 */
export function miracleDistinct(replies: readonly (readonly string[])[]): number {
  const ofAll = distinctByWords(replies);
  const ofEach = mean(replies.map((reply) => distinctByWords([reply])));
  return (ofAll + ofEach) / 2;
}

function distinctByWords(replies: readonly (readonly string[])[]): number {
  const words = replies.reduce((sum, reply) => sum + reply.length, 0);
  if (words === 0) return 0;
  const runs = (length: number): number =>
    replies.reduce((sum, reply) => sum + Math.max(0, reply.length - length + 1), 0);
  return mean([1, 2, 3].map((length) => (distinct(replies, length) * runs(length)) / words));
}

const othersAsked = 150;

/**
 * Self-BLEU (Zhu et al. 2018) as in MIRACLE, in [0, 1]: the mean BLEU-4 of each reply against 150 others; high where all sound alike. Of more
 * others 150 are drawn, the same each time; null of a single reply.
 * @param random in [0, 1).
 */
export function selfBleu(replies: readonly (readonly string[])[], random: () => number): number | null {
  if (replies.length < 2) return null;
  return mean(
    replies.map((reply, index) => {
      const others = replies.filter((_, place) => place !== index);
      for (let place = 0; place < Math.min(othersAsked, others.length); place += 1) {
        const taken = place + Math.floor(random() * (others.length - place));
        [others[place], others[taken]] = [
          others[taken] as readonly string[],
          others[place] as readonly string[],
        ];
      }
      return reply.length === 0 ? 0 : sentenceBleu(reply, others.slice(0, othersAsked), fourWords);
    }),
  );
}

/** Token ids of one turn: what the model found likeliest at each place, told all before, and what stands there. */
export interface TeacherForced {
  readonly predicted: readonly number[];
  readonly expected: readonly number[];
}

/**
 * PersonaGPT's F1 of one example (Tang et al. 2021), in [0, 1): by turns the different ids that both have, over all ids of each; the mean over
 * the turns. Its 1e-3 in the denominator is kept, so that a perfect turn gets .9995.
 */
export function personaGptF1(turns: readonly TeacherForced[]): number {
  return mean(
    turns.map(({ predicted, expected }) => {
      const wanted = new Set(expected);
      const hits = [...new Set(predicted)].filter((id) => wanted.has(id)).length;
      const precision = predicted.length === 0 ? 0 : hits / predicted.length;
      const recall = expected.length === 0 ? 0 : hits / expected.length;
      return (2 * precision * recall) / (precision + recall + 1e-3);
    }),
  );
}

/** PersonaGPT's perplexity: e to the mean over examples of each example's mean cross entropy (nats a token); long examples weigh no more. */
export function personaGptPerplexity(crossEntropies: readonly number[]): number {
  return Math.exp(mean(crossEntropies));
}
