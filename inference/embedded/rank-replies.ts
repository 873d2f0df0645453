import type { RankHints } from '../../src/prompting/chat-model.js';
import { contentWords } from '../../src/text/content-words.js';
import type { Candidate } from './chat-messages.js';
import type { Said } from './reply-text.js';

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

/** Words that follow "I'm" in capitals without being a name. */
const notNames =
  /^(?:I|OK|Okay|Sorry|So|Not|Just|Glad|Here|Sure|Very|Really|Happy|From|A|An|The|In|At|On|[A-Z]+)$/;

/**
 * Whether a reply says another name or age than the persona ("You are Ada Lind, a 34-year-old woman …"). Only plain
 * first-person claims are looked at; a persona without a name or an age is never contradicted.
 */
export function contradictsPersona(reply: string, persona: string): boolean {
  return otherName(reply, persona) || otherAge(reply, persona);
}

function otherName(reply: string, persona: string): boolean {
  const own = /^\s*You are ((?:\p{Lu}[\p{L}'’-]*\s?)+)/u.exec(persona)?.[1];
  if (!own) return false;
  const known = new Set(persona.toLowerCase().match(/[\p{L}'’-]+/gu) ?? []);
  const claims = [
    ...reply.matchAll(/\b(?:my name is|my name['’]s|call me)\s+(\p{Lu}[\p{L}'’-]*)/giu),
    ...reply.matchAll(/\bI(?:['’]m| am)\s+(\p{Lu}\p{Ll}[\p{L}'’-]*)(?=[,.!?]|\s+(?:and|from)\b|\s*$)/gu),
  ];
  return claims.some(([, name = '']) => !notNames.test(name) && !known.has(name.toLowerCase()));
}

function otherAge(reply: string, persona: string): boolean {
  const own =
    /\b(\d{1,3})[- ]years?[- ]old\b/i.exec(persona)?.[1] ?? /\baged? (\d{1,3})\b/i.exec(persona)?.[1];
  if (!own) return false;
  const claim = /\bI(?:['’]m| am)\s+(?:an? )?(\d{1,3})(?:[- ]years?[- ]old\b|\s*(?:[,.!?]|and\b|$))/iu.exec(
    reply,
  )?.[1];
  return claim !== undefined && claim !== own;
}

const distress =
  /\b(died|dead|death|passed away|lost|lonely|alone|afraid|scared|anxious|anxiety|sad|cry(?:ing)?|hurts?|failure|failed|fired|broke up|divorced?|depressed|hopeless|ashamed|guilty|miss(?:ing)? (?:him|her|them|my)|can'?t sleep|worried|stress(?:ed)?|exhausted|overwhelmed|sick|ill|cancer|debt|rent|hate myself|worthless)\b/i;
const cheer =
  /\b(great|awesome|congrat\w*|amazing|wonderful|cool|nice|fun|happy (?:for|to)|glad to hear|excit\w+|lucky|good for you|haha|lol|love (?:it|that))\b/i;
/** Praise that is fine by itself ("a good friend") and wrong as the answer to trouble. */
const praise =
  /\b(?:that(?:['’]?s| is| was| sounds)(?: (?!not\b)\w+)? (?:good|brilliant|exciting|impressive)|good (?:idea|to hear)|how exciting)\b/i;
/** The person has something to be glad of themselves. */
const glad =
  /(?<!\b(?:not|never|no) (?:very |so |really |that )?|n['’]?t (?:very |so |really |that |feel |be )?)\b(?:happy|glad|great|wonderful|excited|proud|passed(?! away)|won|good news|feel(?:ing)? better|thank(?:s| you))\b/i;
/** Messages back from the last one in which trouble is still in the air. */
const inTheAir = 3;
const sympathy =
  /\b(sorry|that sounds|sounds (?:hard|like)|must (?:be|feel|have)|i understand|i can (?:imagine|see|understand|hear)|hard|tough|difficult|painful|heavy|i hear you|not alone)\b/i;
const aboutYou =
  /\b(?:what|where|who|how|do|does|are|have|which)\b[^.?!]{0,30}\b(?:you|your)\b[^.!]{0,60}\?|^(?:and )?you\?/i;
const aboutThem = /\b(?:should|could|can|would) i\b|\bhow are you\b/i;
const ownWord = /\b(?:i|i'm|i've|i'd|my|me|we|our)\b/i;

/** The person tells of something that hurts. */
export function isDistress(message: string): boolean {
  return distress.test(message);
}

/** The person asks the character about itself. */
export function asksAboutMe(message: string): boolean {
  return aboutYou.test(message) && !aboutThem.test(message);
}

/** The person tells of something to be glad of. */
export function isGlad(message: string): boolean {
  return glad.test(message) && !distress.test(message);
}

/**
 * How a reply meets distress in the last messages (oldest first): −1 with cheer, also where the trouble was told a little
 * earlier; 1 with sympathy where it is told now; 0 otherwise, where there is none, or where the person is glad.
 */
export function toneFit(messages: readonly string[], reply: string): number {
  const last = messages.at(-1) ?? '';
  const now = isDistress(last);
  if (!now && (glad.test(last) || !messages.slice(-inTheAir).some(isDistress))) return 0;
  if (cheer.test(reply) || praise.test(reply)) return -1;
  return now && sympathy.test(reply) ? 1 : 0;
}

/** The person asked about the character, and the reply says nothing about itself (often a question back). */
export function evades(message: string, reply: string): boolean {
  return aboutYou.test(message) && !aboutThem.test(message) && !ownWord.test(reply);
}
