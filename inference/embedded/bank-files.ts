import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import { type ModelManifest, unusable } from '../onnx/model-folder.js';

export const bankManifestSchema = z.looseObject({
  /** The version of `models/meaning` that made the vectors. */
  meaning: z.string().min(1),
  dimension: z.int().min(1),
  /** What a number of a unit vector was multiplied by before it was rounded. */
  scale: z.number().positive(),
  /** How much the fit of a reply counts beside the likeness of the message it was written for. */
  fit: z.number(),
  /**
   * Likeness from which on two messages are of one kind: of the bank, of the questions to the character, of answers to what the
   * character just asked, and of what it asked; and from which probability on a message is taken to do
   * something, or to be about something.
   */
  thresholds: z.object({
    bank: z.number(),
    ask: z.number(),
    answer: z.number(),
    asked: z.number(),
    act: z.number(),
    about: z.number(),
  }),
});

/** In which mood replies fit whatever was said: `lab/data/rapport-answers/continuers.txt`. */
export const moods = ['hurt', 'glad', 'plain', 'asked', 'about-me', 'leaving', 'gentle'] as const;
export type Mood = (typeof moods)[number];

const entrySchema = z.object({
  messages: z.array(z.string()),
  replies: z.array(z.string()),
  /** A question to the character: it answers for itself. */
  ask: z.string().optional(),
  /** Not for a message but for a mood. */
  when: z.enum(moods).optional(),
  /** Messages that answer a question of this group. */
  after: z.int().min(0).optional(),
  /** Not for a message but for what one does: tells of a plan, rejects an advice … */
  act: z.int().min(0).optional(),
  /** Of those replies some fit one topic only. */
  about: z.int().min(0).optional(),
});
export type Entry = z.infer<typeof entrySchema>;
const textsSchema = z.object({
  /** What the character asks, by kind of question. */
  groups: z.array(z.array(z.string())),
  acts: z.array(z.string()),
  topics: z.array(z.string()),
  entries: z.array(z.unknown()),
});

export interface BankFiles {
  readonly entries: readonly Entry[];
  /** Message → its entry, reply → its entry, question → its group; all in the order of their vectors. */
  readonly messages: readonly number[];
  readonly replies: readonly { readonly text: string; readonly entry: number }[];
  readonly questions: readonly { readonly text: string; readonly group: number }[];
  readonly groups: number;
  /** int8 [messages + replies + questions, dimension]: rounded unit vectors. */
  readonly vectors: Int8Array;
  readonly messageMean: Float32Array;
  /** [from × to], row by row: from messages to where the replies to them lie. */
  readonly toReplies: Float32Array;
  /** The same from messages to where messages of their kind lie. */
  readonly toAlike: Float32Array;
  /** What a message may do, in the order of `acts`. */
  readonly actNames: readonly string[];
  /** [acts × (dimension + 1)]: weights and a bias of each act. */
  readonly acts: Float32Array;
  /** [topics × (dimension + 1)], likewise. */
  readonly topics: Float32Array;
}

/** Entries that are checked in one go. */
const slice = 500;

/**
 * Reads `answers.json`, `vectors.bin` and `maps.bin`, in slices: others come between.
 * @throws RapportError RAPPORT_E_MODEL_FILE
 */
export async function readBank(
  folder: string,
  manifest: z.infer<typeof bankManifestSchema> & ModelManifest,
): Promise<BankFiles> {
  const file = (name: string): Promise<Uint8Array<ArrayBuffer>> =>
    verified(join(folder, name), manifest.sha256[name]);
  const [texts, vectors, maps] = await Promise.all([
    file('answers.json'),
    file('vectors.bin'),
    file('maps.bin'),
  ]);
  const whole = textsSchema.parse(JSON.parse(Buffer.from(texts).toString('utf8')));
  const entries: Entry[] = [];
  for (let from = 0; from < whole.entries.length; from += slice) {
    entries.push(...z.array(entrySchema).parse(whole.entries.slice(from, from + slice)));
    await setImmediate();
  }
  const { dimension } = manifest;
  const messages = entries.flatMap((known, entry) => known.messages.map(() => entry));
  const replies = entries.flatMap((known, entry) => known.replies.map((text) => ({ text, entry })));
  const questions = whole.groups.flatMap((lines, group) => lines.map((text) => ({ text, group })));
  if (vectors.length !== (messages.length + replies.length + questions.length) * dimension)
    throw unusable(
      join(folder, 'vectors.bin'),
      'it does not hold a vector for every message, reply and question',
    );
  const numbers = new Float32Array(maps.buffer, 0, Math.floor(maps.length / 4));
  const square = dimension * dimension;
  const mapped = 2 * (dimension + square);
  const read = mapped + whole.acts.length * (dimension + 1);
  if (numbers.length !== read + whole.topics.length * (dimension + 1))
    throw unusable(
      join(folder, 'maps.bin'),
      `it does not hold two means, two maps of ${dimension} ${whole.acts.length} acts and ${whole.topics.length} topics`,
    );
  return {
    entries,
    messages,
    replies,
    questions,
    groups: whole.groups.length,
    actNames: whole.acts,
    vectors: new Int8Array(vectors.buffer),
    messageMean: numbers.subarray(0, dimension),
    toReplies: numbers.subarray(2 * dimension, 2 * dimension + square),
    toAlike: numbers.subarray(2 * dimension + square, mapped),
    acts: numbers.subarray(mapped, read),
    topics: numbers.subarray(read),
  };
}

/** Bytes that are hashed in one go, some milliseconds. */
const hashed = 4 * 1024 * 1024;

async function verified(file: string, expected: string | undefined): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    throw unusable(file, reasonOf(error), error);
  }
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += hashed) {
    hash.update(bytes.subarray(from, from + hashed));
    await setImmediate();
  }
  if (hash.digest('hex') !== expected) throw unusable(file, 'its sha256 differs from the one in model.json');
  return bytes;
}
