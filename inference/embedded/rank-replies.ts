import type { RankHints } from '../../src/prompting/chat-model.js';
import { contentWords } from '../../src/text/content-words.js';
import type { Candidate } from './chat-messages.js';
import { contradictsPersona } from './persona-claims.js';
import type { Said } from './reply-text.js';
import { evades, toneFit } from './tone.js';

/** Cosines of each candidate, in their order; null where there is nothing to compare with. */
export interface Relevance {
  readonly lastMessage: readonly number[];
  /** How well each answers the last message, by the trained ranker. */
  readonly answer: readonly number[] | null;
  readonly memory: readonly number[] | null;
  readonly goal: readonly number[] | null;
}

export interface RankContext extends RankHints {
  readonly said: Said;
  /** Null without a sentence encoder: words decide alone. */
  readonly relevance: Relevance | null;
}

export interface RankedReply {
  readonly candidate: Candidate;
  readonly score: number;
  /** What the score is made of, for the log. */
  readonly parts: Readonly<Record<string, number>>;
}

/** Rewards are multiplied by a cosine or a count of shared words (at most two); penalties are taken once. */
export const rankWeights = {
  logProbability: 0.25,
  answerFit: 3,
  contextCosine: 1.5,
  memoryCosine: 0.8,
  goalCosine: 1.5,
  contextWords: 0.2,
  memoryWords: 0.25,
  personaWords: 0.1,
  goalWords: 0.5,
  goalQuestion: 0.4,
  tone: 0.8,
  evades: -1,
  empty: -5,
  loop: -2,
  repeatsItself: -2,
  parrots: -1.5,
  contradicts: -1.5,
  short: -0.6,
  cut: -0.5,
} as const;
type Part = keyof typeof rankWeights;

/**
 * Orders sampled replies, best first (sample-and-rank, Adiwardana et al. 2020): likely, about what the person said, true
 * to persona, memory and goal; not looping, parroting, repeating itself, contradicting the persona, curt or cut off.
 * Equal scores keep their order.
 */
export function rankReplies(candidates: readonly Candidate[], context: RankContext): RankedReply[] {
  return candidates
    .map((candidate, index) => {
      const parts = measure(candidate, index, context);
      const score = Object.values(parts).reduce((sum, part) => sum + part, 0);
      return { candidate, score, parts };
    })
    .sort((a, b) => b.score - a.score);
}

function measure(candidate: Candidate, index: number, context: RankContext): Partial<Record<Part, number>> {
  const { lastMessage, persona, memory, goal, said, relevance } = context;
  const { text } = candidate;
  const tone = toneFit([...said.messages.slice(0, -1), lastMessage], text);
  const found = new Set(contentWords(text));
  const shared = (other: string | null): number =>
    other === null
      ? 0
      : Math.min(2, [...new Set(contentWords(other))].filter((word) => found.has(word)).length);
  const amounts: Readonly<Record<Part, number>> = {
    logProbability: candidate.meanLogProbability,
    answerFit: relevance?.answer?.[index] ?? 0,
    contextCosine: relevance?.lastMessage[index] ?? 0,
    memoryCosine: relevance?.memory?.[index] ?? 0,
    goalCosine: relevance?.goal?.[index] ?? 0,
    contextWords: shared(lastMessage),
    memoryWords: shared(memory),
    personaWords: shared(persona),
    goalWords: shared(goal),
    goalQuestion: Number(goal !== null && /^ask\b/i.test(goal) && text.includes('?')),
    // A goal outweighs sympathy, never the penalty for cheer.
    tone: goal === null ? tone : Math.min(0, tone),
    evades: Number(evades(lastMessage, text)),
    empty: Number(!/[\p{L}\p{N}]/u.test(text)),
    loop: Number(hasLoop(wordsOf(text))),
    repeatsItself: Number(said.replies.some((previous) => overlap(text, previous) > 0.5)),
    parrots: Number(parrots(text, lastMessage)),
    contradicts: Number(contradictsPersona(text, persona)),
    short: Number(wordsOf(text).length < 3),
    cut: Number(candidate.finishReason === 'length'),
  };
  const parts: Partial<Record<Part, number>> = {};
  for (const part of Object.keys(amounts) as Part[])
    if (amounts[part] !== 0) parts[part] = rankWeights[part] * amounts[part];
  return parts;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
}

/** A run of four words occurs twice, or one word three times on end. */
function hasLoop(words: readonly string[]): boolean {
  const runs = new Set<string>();
  for (let start = 0; start + 4 <= words.length; start += 1) {
    const run = words.slice(start, start + 4).join(' ');
    if (runs.has(run)) return true;
    runs.add(run);
  }
  return words.some((word, i) => word === words[i + 1] && word === words[i + 2]);
}

/** Shared words over all words of both (Jaccard). */
function overlap(a: string, b: string): number {
  const left = new Set(wordsOf(a));
  const right = new Set(wordsOf(b));
  const both = [...left].filter((word) => right.has(word)).length;
  const either = left.size + right.size - both;
  return either === 0 ? 0 : both / either;
}

/** Five words in a row, or nearly all of the reply, are the person's own. */
function parrots(reply: string, message: string): boolean {
  const said = ` ${wordsOf(message).join(' ')} `;
  const words = wordsOf(reply);
  for (let start = 0; start + 5 <= words.length; start += 1)
    if (said.includes(` ${words.slice(start, start + 5).join(' ')} `)) return true;
  return words.length >= 3 && overlap(reply, message) > 0.6;
}
