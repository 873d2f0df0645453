import { setImmediate } from 'node:timers/promises';
import { cosine, type Meaning } from '../../src/memory/meaning.js';
import type { BankFiles } from './bank-files.js';

/** A message with how it lies to all that the bank holds. */
export interface Placed {
  readonly bank: BankFiles;
  /** Per message of the bank: as a whole, or by its last sentence. */
  readonly likeness: Float32Array;
  /** Per message of the bank: by its first sentence, too, which is where a question is answered. */
  readonly inPart: Float32Array;
  /** Per reply: how near it lies to where replies to this would. */
  readonly fit: Float32Array;
  /** Per act its probability. */
  readonly acts: Float32Array;
  /** Per topic its probability. */
  readonly topics: Float32Array;
}

/** A longer message says more than one thing; its end is what is answered. */
const maxWords = 60;
/** What the likeness of a part is less worth than that of the whole. */
const partOnly = 0.04;

/** Null for an empty message. @throws RapportError where the vectors cannot be made. */
export async function placeMessage(
  message: string,
  bank: BankFiles,
  meaning: Meaning,
  scale: number,
): Promise<Placed | null> {
  const whole = message.trim().split(/\s+/).slice(-maxWords).join(' ');
  if (whole === '') return null;
  const { first, last } = ends(whole);
  const parts = [whole, ...(last === null ? [] : [last]), ...(first === null ? [] : [first])];
  const owns = (await meaning.vectors(parts, 'query')).map((vector) => centred(vector, bank.messageMean));
  const own = owns[0];
  if (!own) return null;
  const likenessTo = (vector: Float32Array): Promise<Float32Array> =>
    cosines(bank.vectors, 0, bank.messages.length, unit(through(vector, bank.toAlike)), scale);
  const towards = unit(through(own, bank.toReplies));
  let likeness = await likenessTo(own);
  let fit = await cosines(bank.vectors, bank.messages.length, bank.replies.length, towards, scale);
  const ending = last === null ? undefined : owns[1];
  if (ending) {
    // The last sentence is what is answered, but it is not all that was said.
    likeness = greater(likeness, await likenessTo(ending), partOnly);
    const near = unit(through(ending, bank.toReplies));
    fit = greater(
      fit,
      await cosines(bank.vectors, bank.messages.length, bank.replies.length, near, scale),
      0,
    );
  }
  const opening = first === null ? undefined : owns.at(-1);
  const inPart = opening ? greater(likeness, await likenessTo(opening), partOnly) : likeness;
  const near = unit(through(own, bank.toAlike));
  const [acts, topics] = [probabilities(near, bank.acts), probabilities(near, bank.topics)];
  return { bank, likeness, inPart, fit, acts, topics };
}

/** Per group of questions, how much what was said last is like one of it; 1 where it is one of it. */
export async function placeQuestion(
  before: string,
  bank: BankFiles,
  meaning: Meaning,
  scale: number,
): Promise<Float32Array> {
  const question = lastQuestion(before);
  const groups = new Float32Array(bank.groups);
  const same = bank.questions.filter(({ text }) => text === question);
  if (same.length === 0) {
    const [vector] = await meaning.vectors([question], 'query');
    const first = bank.messages.length + bank.replies.length;
    const likeness = vector
      ? await cosines(
          bank.vectors,
          first,
          bank.questions.length,
          unit(through(centred(vector, bank.messageMean), bank.toAlike)),
          scale,
        )
      : new Float32Array();
    for (const [place, { group }] of bank.questions.entries())
      groups[group] = Math.max(groups[group] ?? 0, likeness[place] ?? 0);
  }
  for (const { group } of same) groups[group] = 1;
  return groups;
}

const sentences = (text: string): string[] =>
  text.split(/(?<=[.!?…])\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part));

function lastQuestion(text: string): string {
  return sentences(text).findLast((part) => part.includes('?')) ?? text;
}

/** Of several sentences the first, and the last unless it is a word or two; null where there is one. */
function ends(text: string): { readonly first: string | null; readonly last: string | null } {
  const parts = sentences(text);
  if (parts.length < 2) return { first: firstClause(text), last: null };
  const last = parts.at(-1) ?? '';
  return { first: parts[0] ?? null, last: last.split(/\s+/).length > 2 ? last : null };
}

/** "no, he never did" answers with its first word. */
function firstClause(text: string): string | null {
  const [clause = '', rest = ''] = text.split(/(?:,| but | because )\s*(.*)/s);
  return rest !== '' && clause.split(/\s+/).length <= 4 ? clause : null;
}

function greater(a: Float32Array, b: Float32Array, less: number): Float32Array {
  return a.map((value, place) => Math.max(value, (b[place] ?? -1) - less));
}

function centred(vector: Float32Array, mean: Float32Array): Float32Array {
  return unit(vector.map((value, place) => value - (mean[place] ?? 0)));
}

function unit(vector: Float32Array): Float32Array {
  const size = Math.sqrt(cosine(vector, vector)) || 1;
  return vector.map((value) => value / size);
}

function through(vector: Float32Array, map: Float32Array): Float32Array {
  const { length } = vector;
  const out = new Float32Array(length);
  for (let from = 0, at = 0; from < length; from += 1) {
    const value = vector[from] ?? 0;
    for (let to = 0; to < length; to += 1, at += 1) out[to] = (out[to] ?? 0) + value * (map[at] ?? 0);
  }
  return out;
}

/** Softmax over rows of weights with a bias at their end. */
function probabilities(vector: Float32Array, weights: Float32Array): Float32Array {
  const width = vector.length + 1;
  const logits = new Float32Array(weights.length / width).map((_, row) => {
    const start = row * width;
    return cosine(vector, weights.subarray(start, start + vector.length)) + (weights[start + width - 1] ?? 0);
  });
  const most = Math.max(...logits);
  const raised = logits.map((value) => Math.exp(value - most));
  const sum = raised.reduce((all, value) => all + value, 0);
  return raised.map((value) => value / sum);
}

/** Rows that are compared in one go, some milliseconds: others come between. */
const slice = 12_000;

async function cosines(
  vectors: Int8Array,
  first: number,
  count: number,
  vector: Float32Array,
  scale: number,
): Promise<Float32Array> {
  const { length } = vector;
  const out = new Float32Array(count);
  for (let row = 0, at = first * length; row < count; row += 1) {
    let sum = 0;
    for (let place = 0; place < length; place += 1, at += 1) sum += (vector[place] ?? 0) * (vectors[at] ?? 0);
    out[row] = sum / scale;
    if ((row + 1) % slice === 0) await setImmediate();
  }
  await setImmediate();
  return out;
}
