import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import { cosine, type Meaning } from '../../src/memory/meaning.js';
import { RecentMap } from '../../src/recent-map.js';
import { readManifest, unusable } from '../onnx/model-folder.js';

const manifestSchema = z.looseObject({
  /** The version of `models/meaning` that made the vectors. */
  meaning: z.string().min(1),
  dimension: z.int().min(1),
  /** What a number of a unit vector was multiplied by before it was rounded. */
  scale: z.number().positive(),
  /** How much the fit of a reply counts beside the likeness of the message it was written for. */
  fit: z.number(),
  /** Likeness from which on two messages are of one kind: of the bank, and of the questions to the character. */
  thresholds: z.object({ bank: z.number(), ask: z.number() }),
});

/** In which mood replies fit whatever was said: `lab/data/rapport-answers/continuers.txt`. */
export const moods = ['hurt', 'glad', 'plain', 'asked', 'about-me', 'leaving', 'gentle'] as const;
export type Mood = (typeof moods)[number];

const entriesSchema = z.array(
  z.object({
    messages: z.array(z.string()),
    replies: z.array(z.string()),
    /** A question to the character: it answers for itself. */
    ask: z.string().optional(),
    /** Not for a message but for a mood. */
    when: z.enum(moods).optional(),
  }),
);
type Entry = z.infer<typeof entriesSchema>[number];

export interface Asked {
  readonly message: string;
  /** Replies that are not to be said again. */
  readonly said: readonly string[];
  /** Whether a reply that asks something is wanted rather than one that does not. */
  readonly asks: boolean;
  /** What the character says of itself, by question. */
  readonly selfAnswers: Readonly<Record<string, readonly string[]>>;
}

/** A reply that was written beforehand. */
export interface WrittenAnswer {
  readonly text: string;
  /** How much the message it was written for is like this one, in [−1, 1]. */
  readonly likeness: number;
}

interface Loaded {
  readonly entries: readonly Entry[];
  /** Message → its entry, reply → its entry; both in the order of their vectors. */
  readonly messages: readonly number[];
  readonly replies: readonly { readonly text: string; readonly entry: number }[];
  /** int8 [messages + replies, dimension]: rounded unit vectors. */
  readonly vectors: Int8Array;
  readonly messageMean: Float32Array;
  /** [from × to], row by row: from messages to where the replies to them lie. */
  readonly toReplies: Float32Array;
}

/** A message with its vectors. */
interface Placed {
  readonly bank: Loaded;
  readonly likeness: Float32Array;
  readonly fit: Float32Array;
}

/** Messages whose place is kept, some 100 kB each. */
const keptPlaced = 16;
/** A longer message says more than one thing; its end is what is answered. */
const maxWords = 60;
const negation =
  /\b(?:no|not|never|nobody|nothing|none|without|cannot|cant|dont|didnt|wont|isnt)\b|n['’]t\b/i;

/**
 * What people commonly write, with replies that were written for it (`lab/data/rapport-answers`, made into `models/answers` by
 * `lab/training/answers`). A message is looked up by meaning: the vectors are those of `models/meaning` without their mean, for
 * all sentences point much alike otherwise; a learned map says which reply lies near what was said.
 */
export class AnswerBank {
  readonly #folder: string;
  readonly #manifest: z.infer<typeof manifestSchema> & { readonly sha256: Readonly<Record<string, string>> };
  readonly #meaning: Meaning;
  #loading: Promise<Loaded> | null = null;
  #entries: readonly Entry[] = [];
  readonly #placed = new RecentMap<string, Promise<Placed | null>>(keptPlaced);

  /** @throws RapportError RAPPORT_E_MODEL_FILE where the folder has no readable model.json, or is of another meaning. */
  constructor(folder: string, meaningFolder: string, meaning: Meaning) {
    this.#folder = folder;
    this.#meaning = meaning;
    this.#manifest = readManifest(folder, manifestSchema);
    const { version } = readManifest(meaningFolder, z.looseObject({}));
    if (this.#manifest.meaning !== version)
      throw unusable(
        folder,
        `it was made with meaning ${this.#manifest.meaning}, and ${meaningFolder} is ${version}`,
      );
  }

  /**
   * The reply to what is most like a message; null where nothing is like it, or all of that was said.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async answer({ message, said, asks, selfAnswers }: Asked): Promise<WrittenAnswer | null> {
    const placed = await this.#place(message);
    if (!placed) return null;
    const { bank, likeness, fit } = placed;
    const { thresholds, fit: weight } = this.#manifest;
    const denied = negation.test(message);
    const like = new Float32Array(bank.entries.length).fill(-1);
    for (const [place, entry] of bank.messages.entries()) {
      const value = likeness[place] ?? -1;
      if (value > (like[entry] ?? -1)) like[entry] = value;
    }
    const found = new Map<number, { text: string; entry: number; score: number }>();
    for (const [place, { text, entry }] of bank.replies.entries()) {
      if ((like[entry] ?? -1) < thresholds.bank || bank.entries[entry]?.when || said.includes(text)) continue;
      // "I miss him" and "I don't miss him" point alike.
      if (bank.entries[entry]?.messages.every((known) => negation.test(known) !== denied)) continue;
      const score = (fit[place] ?? 0) + (text.includes('?') === asks ? wished : 0);
      if (score > (found.get(entry)?.score ?? Number.NEGATIVE_INFINITY))
        found.set(entry, { text, entry, score });
    }
    for (const [entry, { ask }] of bank.entries.entries()) {
      if (ask === undefined || (like[entry] ?? -1) < thresholds.ask) continue;
      // Asked again, a character says the same of itself again.
      const answers = selfAnswers[ask] ?? [];
      const text = answers.find((one) => !said.includes(one)) ?? answers[0];
      if (text !== undefined) found.set(entry, { text, entry, score: ownFirst / weight });
    }
    let best: (WrittenAnswer & { readonly score: number }) | null = null;
    for (const { text, entry, score: fits } of found.values()) {
      const likeness = like[entry] ?? -1;
      const score = likeness + weight * fits;
      if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { text, likeness, score };
    }
    return best;
  }

  /**
   * A reply that fits whatever was said in a mood, the nearest that was not said yet.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async goOn(message: string, mood: Mood, said: readonly string[]): Promise<WrittenAnswer | null> {
    const placed = await this.#place(message);
    if (!placed) return null;
    const { bank, fit } = placed;
    let best: { readonly text: string; readonly score: number } | null = null;
    for (const [place, { text, entry }] of bank.replies.entries()) {
      const score = fit[place] ?? 0;
      if (bank.entries[entry]?.when !== mood || said.includes(text)) continue;
      if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { text, score };
    }
    return best && { text: best.text, likeness: 0 };
  }

  /** How many of the replies of a mood were said; none before the bank was first asked. */
  count(mood: Mood, said: readonly string[]): number {
    return this.#ofMood(mood).filter((text) => said.includes(text)).length;
  }

  #ofMood(mood: Mood): readonly string[] {
    return this.#entries.filter(({ when }) => when === mood).flatMap(({ replies }) => replies);
  }

  /** A message is placed once, also where it is asked for again in its turn. */
  #place(message: string): Promise<Placed | null> {
    const known = this.#placed.get(message);
    if (known) return known;
    const placed = this.#placeAnew(message);
    this.#placed.set(message, placed);
    placed.catch(() => this.#placed.delete(message));
    return placed;
  }

  async #placeAnew(message: string): Promise<Placed | null> {
    const whole = message.trim().split(/\s+/).slice(-maxWords).join(' ');
    if (whole === '') return null;
    const last = lastSentence(whole);
    this.#loading ??= this.#load();
    const [bank, vectors] = await Promise.all([
      this.#loading,
      this.#meaning.vectors(last === null ? [whole] : [whole, last], 'query'),
    ]);
    const { scale } = this.#manifest;
    const count = bank.messages.length;
    let placed: Placed | null = null;
    for (const vector of vectors) {
      const own = unit(vector.map((value, place) => value - (bank.messageMean[place] ?? 0)));
      const towards = unit(through(own, bank.toReplies));
      const likeness = cosines(bank.vectors, 0, count, own, scale);
      // Some milliseconds each: others come between.
      await setImmediate();
      const fit = cosines(bank.vectors, count, bank.replies.length, towards, scale);
      // The last sentence is what is answered, but it is not all that was said.
      placed = placed
        ? { bank, likeness: greater(placed.likeness, likeness, partOnly), fit: greater(placed.fit, fit, 0) }
        : { bank, likeness, fit };
      await setImmediate();
    }
    return placed;
  }

  async #load(): Promise<Loaded> {
    const [texts, vectors, maps] = await Promise.all([
      this.#verified('answers.json'),
      this.#verified('vectors.bin'),
      this.#verified('maps.bin'),
    ]);
    const entries = entriesSchema.parse(JSON.parse(Buffer.from(texts).toString('utf8')));
    this.#entries = entries;
    const { dimension } = this.#manifest;
    const messages = entries.flatMap((known, entry) => known.messages.map(() => entry));
    const replies = entries.flatMap((known, entry) => known.replies.map((text) => ({ text, entry })));
    if (vectors.length !== (messages.length + replies.length) * dimension)
      throw unusable(
        join(this.#folder, 'vectors.bin'),
        'it does not hold a vector for every message and reply',
      );
    const numbers = new Float32Array(maps.buffer, 0, Math.floor(maps.length / 4));
    if (numbers.length !== 2 * dimension + dimension * dimension)
      throw unusable(join(this.#folder, 'maps.bin'), `it does not hold two means and a map of ${dimension}`);
    return {
      entries,
      messages,
      replies,
      vectors: new Int8Array(vectors.buffer),
      messageMean: numbers.subarray(0, dimension),
      toReplies: numbers.subarray(2 * dimension),
    };
  }

  async #verified(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = join(this.#folder, name);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await readFile(file));
    } catch (error) {
      throw unusable(file, reasonOf(error), error);
    }
    if (createHash('sha256').update(bytes).digest('hex') !== this.#manifest.sha256[name])
      throw unusable(file, 'its sha256 differs from the one in model.json');
    return bytes;
  }
}

/** What the likeness of a part is less worth than that of the whole. */
const partOnly = 0.04;

/** The last of several sentences; null where there is one, or the last is a word or two. */
function lastSentence(text: string): string | null {
  const parts = text.split(/(?<=[.!?…])\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part));
  const last = parts.at(-1) ?? '';
  return parts.length > 1 && last.split(/\s+/).length > 2 ? last : null;
}

function greater(a: Float32Array, b: Float32Array, less: number): Float32Array {
  return a.map((value, place) => Math.max(value, (b[place] ?? -1) - less));
}

/** How much it counts whether a reply asks something, as wished. */
const wished = 0.1;

/** Nobody answers for a character that can answer for itself: more than the best fit is worth. */
const ownFirst = 0.45;

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

function cosines(
  vectors: Int8Array,
  first: number,
  count: number,
  vector: Float32Array,
  scale: number,
): Float32Array {
  const { length } = vector;
  const out = new Float32Array(count);
  for (let row = 0, at = first * length; row < count; row += 1) {
    let sum = 0;
    for (let place = 0; place < length; place += 1, at += 1) sum += (vector[place] ?? 0) * (vectors[at] ?? 0);
    out[row] = sum / scale;
  }
  return out;
}
