import { z } from 'zod';
import type { Meaning } from '../../src/memory/meaning.js';
import { RecentMap } from '../../src/recent-map.js';
import { readManifest, unusable } from '../onnx/model-folder.js';
import { type BankFiles, bankManifestSchema, type Entry, type Mood, readBank } from './bank-files.js';
import { type Placed, placeMessage, placeQuestion } from './bank-places.js';

export interface Asked {
  readonly message: string;
  /** What the character said last: a message may answer it. */
  readonly before: string | null;
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
  /** How much the message it was written for is like this one, in [−1, 1]; the probability of an act. */
  readonly likeness: number;
}

/** What is known of a message: how likely an entry's messages mean the same. */
interface Found {
  readonly text: string;
  readonly likeness: number;
  readonly score: number;
}

/** Messages and questions whose places are kept, some 150 kB each. */
const kept = 16;
const negation =
  /\b(?:no|not|never|nobody|nothing|none|without|cannot|cant|dont|didnt|wont|isnt)\b|n['’]t\b/i;
/** How much it counts whether a reply asks something, as wished. */
const wished = 0.1;
/** Nobody answers for a character that can answer for itself: more than the best fit is worth. */
const ownFirst = 0.45;
/** What it counts that a reply names what a message is about. */
const onTopic = 0.15;
/** What a message of a mood does not do: a hurt one tells of no luck. */
const otherwise: Readonly<Partial<Record<Mood, RegExp>>> = {
  hurt: /^(?:told-(?:kindness|funny|hopeful|relief|pride|looking-forward|grateful)|likes|bored|testing|small-thing)$/,
  glad: /^(?:told-(?:hurtful-\w+|quarrel|silence|past-loss|regret|self-blame|tired|restless|sleepless|lonely|angry|envy|shame|guilt|stuck|empty|worry-ahead|money)|bored|apologises)$/,
  asked: /^(?!asks-|testing$)/,
};
/** What it counts that a message answers what was just asked. */
const inPlace = 0.2;

/**
 * What people commonly write, with replies that were written for it (`lab/data/rapport-answers`, made into `models/answers` by
 * `lab/training/answers`). A message is looked up by meaning: the vectors are those of `models/meaning` without their mean, for
 * all sentences point much alike otherwise; a learned map says which reply lies near what was said. Where the character just asked
 * something, answers to such questions come first.
 */
export class AnswerBank {
  readonly #folder: string;
  readonly #manifest: ReturnType<typeof readManifest<typeof bankManifestSchema>>;
  readonly #meaning: Meaning;
  #loading: Promise<BankFiles> | null = null;
  #entries: readonly Entry[] = [];
  readonly #placed = new RecentMap<string, Promise<Placed | null>>(kept);
  readonly #questions = new RecentMap<string, Promise<Float32Array>>(kept);

  /** @throws RapportError RAPPORT_E_MODEL_FILE where the folder has no readable model.json, or is of another meaning. */
  constructor(folder: string, meaningFolder: string, meaning: Meaning) {
    this.#folder = folder;
    this.#meaning = meaning;
    this.#manifest = readManifest(folder, bankManifestSchema);
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
  async answer(asked: Asked): Promise<WrittenAnswer | null> {
    const placed = await this.#place(asked.message);
    if (!placed) return null;
    const { entries } = await this.#load();
    const groups = await this.#groups(asked.before);
    const like = likenessOf(entries.length, placed.bank.messages, placed.likeness);
    const answering = likenessOf(entries.length, placed.bank.messages, placed.inPart);
    let best: Found | null = null;
    const offer = (found: Found): void => {
      if (found.score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = found;
    };
    for (const found of this.#written(asked, placed, like, answering, groups)) offer(found);
    for (const found of this.#ofItself(asked, entries, answering)) offer(found);
    return best as Found | null;
  }

  /** The best reply of every entry that is like the message. */
  *#written(
    { message, said, asks }: Asked,
    { bank, fit }: Placed,
    like: Float32Array,
    answering: Float32Array,
    groups: Float32Array | null,
  ): Generator<Found> {
    const { thresholds, fit: weight } = this.#manifest;
    const denied = negation.test(message);
    const told = spansIn(message);
    const allowed = bank.entries.map(({ after, when, act, messages }, entry) => {
      if (when !== undefined || act !== undefined) return false;
      const known =
        after === undefined
          ? (like[entry] ?? -1) >= thresholds.bank
          : (groups?.[after] ?? 0) >= thresholds.asked && (answering[entry] ?? -1) >= thresholds.answer;
      // "I miss him" and "I don't miss him" point alike.
      return known && messages.some((one) => negation.test(one) === denied);
    });
    for (const [place, { text, entry }] of bank.replies.entries()) {
      // "Three weeks is long" is no answer to "four months".
      if (!allowed[entry] || said.includes(text) || spansIn(text).some((span) => !told.includes(span)))
        continue;
      const after = bank.entries[entry]?.after;
      const likeness = (after === undefined ? like[entry] : answering[entry]) ?? -1;
      const placeWorth = after === undefined ? 0 : inPlace * (groups?.[after] ?? 0);
      const suits = (fit[place] ?? 0) + (text.includes('?') === asks ? wished : 0);
      yield { text, likeness, score: likeness + placeWorth + weight * suits };
    }
  }

  /** What the character says of itself where it is asked for it. */
  *#ofItself({ said, selfAnswers }: Asked, entries: readonly Entry[], like: Float32Array): Generator<Found> {
    for (const [entry, { ask }] of entries.entries()) {
      const likeness = like[entry] ?? -1;
      if (ask === undefined || likeness < this.#manifest.thresholds.ask) continue;
      // Asked again, a character says the same of itself again.
      const answers = selfAnswers[ask] ?? [];
      const text = answers.find((one) => !said.includes(one)) ?? answers[0];
      if (text !== undefined) yield { text, likeness, score: likeness + ownFirst };
    }
  }

  /**
   * What a message does, by name (`leaves`, `asks-me`, `told-plan` …); null where that is not clear.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async does(message: string): Promise<string | null> {
    const placed = await this.#place(message);
    if (!placed) return null;
    const { acts, bank } = placed;
    const likeliest = acts.indexOf(Math.max(...acts));
    return (acts[likeliest] ?? 0) < this.#manifest.thresholds.act ? null : (bank.actNames[likeliest] ?? null);
  }

  /**
   * A reply to what a message does (tells of a plan, rejects an advice …), the nearest that was not said yet; null where it is not
   * clear what it does, or the mood speaks against it.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async takeUp(
    { message, said, asks }: Omit<Asked, 'selfAnswers' | 'before'>,
    mood: Mood,
  ): Promise<WrittenAnswer | null> {
    const placed = await this.#place(message);
    if (!placed) return null;
    const { bank, fit, acts, topics } = placed;
    const { thresholds } = this.#manifest;
    const unlike = otherwise[mood];
    let best: Found | null = null;
    for (const [place, { text, entry }] of bank.replies.entries()) {
      const { act, about } = bank.entries[entry] ?? {};
      const likeness = act === undefined || unlike?.test(bank.actNames[act] ?? '') ? 0 : (acts[act] ?? 0);
      const fitting = about === undefined ? 0 : (topics[about] ?? 0);
      if (likeness < thresholds.act || said.includes(text)) continue;
      if (about !== undefined && fitting < thresholds.about) continue;
      const suits = (fit[place] ?? 0) + (text.includes('?') === asks ? wished : 0);
      const score = likeness + suits + onTopic * fitting;
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
    let best: Found | null = null;
    for (const [place, { text, entry }] of bank.replies.entries()) {
      const score = fit[place] ?? 0;
      if (bank.entries[entry]?.when !== mood || said.includes(text)) continue;
      if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { text, likeness: 0, score };
    }
    return best;
  }

  /** How many of the replies of a mood were said; none before the bank was first asked. */
  count(mood: Mood, said: readonly string[]): number {
    return this.#entries
      .filter(({ when }) => when === mood)
      .flatMap(({ replies }) => replies)
      .filter((text) => said.includes(text)).length;
  }

  #load(): Promise<BankFiles> {
    this.#loading ??= readBank(this.#folder, this.#manifest).then((files) => {
      this.#entries = files.entries;
      return files;
    });
    return this.#loading;
  }

  /** A message is placed once, also where it is asked for again in its turn. */
  async #place(message: string): Promise<Placed | null> {
    const bank = await this.#load();
    return once(this.#placed, message, () =>
      placeMessage(message, bank, this.#meaning, this.#manifest.scale),
    );
  }

  /** How much what the character said last is like each kind of question; null where it asked nothing. */
  async #groups(before: string | null): Promise<Float32Array | null> {
    if (!before?.includes('?')) return null;
    const bank = await this.#load();
    return once(this.#questions, before, () =>
      placeQuestion(before, bank, this.#meaning, this.#manifest.scale),
    );
  }
}

function once<Value>(
  known: RecentMap<string, Promise<Value>>,
  text: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(text);
  if (found) return found;
  const made = make();
  known.set(text, made);
  made.catch(() => known.delete(text));
  return made;
}

const numbers = [
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const spans = new RegExp(
  `\\b(\\d+|${numbers.join('|')}|a couple of|a few|half a)(?:[ -](?:more|long|whole|good|straight))? ?(minute|hour|day|night|week|month|year)s?\\b`,
  'gi',
);

/** The spans of time in a text: `three weeks` and `3 weeks` are `3 week`. */
function spansIn(text: string): readonly string[] {
  return [...text.matchAll(spans)].map(([, count = '', unit = '']) => {
    const number = numbers.indexOf(count.toLowerCase()) + 1;
    return `${number || count.toLowerCase()} ${unit.toLowerCase()}`;
  });
}

/** Per entry, that of its message which is most like. */
function likenessOf(count: number, owners: readonly number[], likeness: Float32Array): Float32Array {
  const like = new Float32Array(count).fill(-1);
  for (const [place, entry] of owners.entries()) {
    const value = likeness[place] ?? -1;
    if (value > (like[entry] ?? -1)) like[entry] = value;
  }
  return like;
}
