import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import type { Meaning } from '../../src/memory/meaning.js';
import { readManifest, unusable } from '../onnx/model-folder.js';

const manifestSchema = z.looseObject({
  /** The version of `models/meaning` that made the vectors. */
  meaning: z.string().min(1),
  dimension: z.int().min(1),
  messages: z.int().min(1),
  /** What a number of a unit vector was multiplied by before it was rounded. */
  scale: z.number().positive(),
  /** Likeness from which on two messages mean the same. */
  threshold: z.number().min(-1).max(1),
});

const entriesSchema = z.array(
  z.object({
    messages: z.array(z.string()).min(1),
    replies: z.array(z.string()),
    /** A question to the character: it answers itself. */
    ask: z.string().optional(),
  }),
);

/** A reply that fits what was said, and how much the message it was written for is like it, in (threshold, 1]. */
export interface KnownAnswer {
  readonly text: string;
  readonly likeness: number;
  /** The character's own: said again when asked again. */
  readonly own: boolean;
}

interface Loaded {
  readonly entries: readonly { readonly replies: readonly string[]; readonly ask?: string | undefined }[];
  /** Per message: its text and the entry it belongs to. */
  readonly messages: readonly { readonly text: string; readonly entry: number }[];
  /** int8 [messages, dimension], centred, of one length before they were rounded. */
  readonly vectors: Int8Array;
  readonly mean: Float32Array;
}

/** Entries whose replies are offered. */
const nearest = 3;
/** A longer message says more than one thing. */
const maxWords = 30;
const negation = /\b(?:no|not|never|nobody|nothing|none|without|cannot)\b|n['’]?t\b/i;

/**
 * What people commonly write, with replies that fit it (`lab/data/rapport-answers`). A message is looked up by meaning: the
 * vectors are those of `models/meaning`, with the bank's mean taken off, for all sentences point much alike otherwise.
 */
export class AnswerBank {
  readonly #folder: string;
  readonly #manifest: z.infer<typeof manifestSchema> & { readonly sha256: Readonly<Record<string, string>> };
  readonly #meaning: Meaning;
  #loading: Promise<Loaded> | null = null;

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
   * Replies to what is most like a message, best first; none where nothing is like it.
   * @param selfAnswers what the character says of itself, by question.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async near(
    message: string,
    selfAnswers: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<readonly KnownAnswer[]> {
    const asked = message.trim();
    if (asked === '' || asked.split(/\s+/).length > maxWords) return [];
    this.#loading ??= this.#load();
    const [bank, [vector]] = await Promise.all([this.#loading, this.#meaning.vectors([asked], 'query')]);
    if (!vector) return [];
    const { threshold, scale } = this.#manifest;
    const like = likenesses(bank, vector, scale);
    const best = new Map<number, number>();
    for (const [place, { text: known, entry }] of bank.messages.entries()) {
      const likeness = like[place] ?? 0;
      // "I miss him" and "I don't miss him" point alike.
      if (likeness < threshold || negation.test(known) !== negation.test(asked)) continue;
      if (likeness > (best.get(entry) ?? threshold)) best.set(entry, likeness);
    }
    return [...best]
      .sort(([, a], [, b]) => b - a)
      .slice(0, nearest)
      .flatMap(([place, likeness]) => {
        const { ask, replies = [] } = bank.entries[place] ?? {};
        const own = ask !== undefined;
        return (own ? (selfAnswers[ask] ?? []) : replies).map((text) => ({ text, likeness, own }));
      });
  }

  async #load(): Promise<Loaded> {
    const [texts, bytes] = await Promise.all([this.#verified('answers.json'), this.#verified('vectors.bin')]);
    const entries = entriesSchema.parse(JSON.parse(Buffer.from(texts).toString('utf8')));
    const { dimension, messages: count } = this.#manifest;
    const messages = entries.flatMap((known, entry) => known.messages.map((text) => ({ text, entry })));
    if (messages.length !== count || bytes.length !== (count + 4) * dimension)
      throw unusable(join(this.#folder, 'vectors.bin'), 'it does not hold a vector for every message');
    return {
      entries,
      messages,
      mean: new Float32Array(bytes.buffer.slice(0, dimension * 4)),
      vectors: new Int8Array(bytes.buffer, dimension * 4),
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

/** Cosine of a vector with that of each message of the bank, both without the mean. */
function likenesses({ messages, vectors, mean }: Loaded, vector: Float32Array, scale: number): Float32Array {
  const { length } = mean;
  const own = vector.map((value, place) => value - (mean[place] ?? 0));
  const size = Math.hypot(...own) * scale;
  const out = new Float32Array(messages.length);
  for (let row = 0, at = 0; row < messages.length; row += 1) {
    let sum = 0;
    for (let place = 0; place < length; place += 1, at += 1) sum += (own[place] ?? 0) * (vectors[at] ?? 0);
    out[row] = sum / size;
  }
  return out;
}
