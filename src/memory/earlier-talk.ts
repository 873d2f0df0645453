import type { Clock } from '../clock.js';
import { contentWords } from '../text/content-words.js';
import { LexicalIndex } from '../text/lexical-index.js';
import { late, within } from '../within.js';
import { factWords } from './fact-words.js';
import { cosine, type Meaning } from './meaning.js';
import { refersBack } from './refers-back.js';
import { type Period, timeNamed } from './said-when.js';
import { asksBack } from './told-back.js';

/** A line of a private conversation between a person and a character. */
export interface SaidLine {
  /** `<talk>/<id in it>`: unique over all lines that are searched together. */
  readonly id: string;
  /** Lines of one conversation stand together. */
  readonly talk: string;
  readonly by: 'person' | 'character';
  readonly text: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** Something that was said before and comes back. */
export interface EarlierLine {
  readonly by: 'person' | 'character';
  /** At most 300 UTF-16 units, with what it answered. */
  readonly text: string;
  /** What it answered, where it says little by itself. */
  readonly after: string | null;
  readonly at: number;
  /** Where it stands: {@link SaidLine.talk} and the rest of {@link SaidLine.id}. */
  readonly talk: string;
  readonly entry: string;
}

/** What a message is searched by. */
interface EarlierSearch {
  readonly text: string;
  /** ms since the epoch. */
  readonly now: number;
  /** Ids of lines that the prompt holds anyway. */
  readonly shown: ReadonlySet<string>;
  /** What those lines say. */
  readonly window: readonly string[];
  readonly meaning: Meaning | null;
  readonly clock: Clock;
}

/** UTF-16 units of a line that comes back, with what it answered. */
const earlierUnits = 300;
/** Lines that come back at most. */
const most = 3;
/** Units of a line that are searched. */
const searchedUnits = 600;
/** Units of a message that are looked at. */
const askedUnits = 2_000;
/** Lines whose meaning is looked at, so many together, for at most so long (ms). */
const shortlist = 32;
const together = 4;
const meaningMs = 250;
/** Lines tokenised before others have a turn. */
const slice = 25;
/** A word that more of the lines hold than this share, or this number, tells nothing. */
const tellingShare = 0.15;
const tellingCount = 4;
/** As much of what a question names is found in a line that comes back. */
const coverage = 0.3;
/** By its meaning alone a line comes back from this cosine on, so far above the middle of those that were looked at. */
const alike = 0.8;
const standsOut = 0.05;
/** Words of questions about what was said, not of what it was about. */
const weak = new Set(
  'remember recall forget forgot mention remind talk chat conversation discuss call name ask wrote write told speak spoke promis detail mean exactly actually earlier yesterday night weekend monday tuesday wednesday thursday friday saturday sunday'.split(
    ' ',
  ),
);

interface ReadLine {
  readonly line: SaidLine;
  readonly words: readonly string[];
  readonly asks: boolean;
}

interface Candidate {
  readonly place: number;
  score: number;
  cosine: number | null;
}

/** What was said in private conversations of one person with one character, to be searched by words, then by meaning. */
export class EarlierTalk {
  readonly #lines: readonly SaidLine[];
  readonly #alone: readonly (readonly string[])[];
  /** Who asked the same before has not answered it. */
  readonly #asks: readonly boolean[];
  readonly #words: LexicalIndex;
  readonly #inContext: LexicalIndex;

  private constructor(read: readonly ReadLine[]) {
    const alone = read.map(({ words }) => words);
    this.#lines = read.map(({ line }) => line);
    this.#asks = read.map(({ asks }) => asks);
    this.#alone = alone;
    this.#words = new LexicalIndex(alone);
    this.#inContext = new LexicalIndex(
      alone.map((words, place) => [
        ...(this.#before(place) === null ? [] : (alone[place - 1] ?? [])),
        ...words,
      ]),
    );
  }

  /** @param lines oldest first within each conversation. @param pause lets others have a turn. */
  static async over(lines: readonly SaidLine[], pause: () => Promise<void>): Promise<EarlierTalk> {
    const read: ReadLine[] = [];
    for (const [place, line] of lines.entries()) {
      if (place % slice === slice - 1) await pause();
      const text = line.text.slice(0, searchedUnits);
      read.push({ line, words: wordsOf(text), asks: line.by === 'person' && asksBack(text) });
    }
    return new EarlierTalk(read);
  }

  /** At most three lines that a message refers back to, oldest first; empty where nothing fits. @throws RapportError where the vectors cannot be made. */
  async search(asked: EarlierSearch): Promise<readonly EarlierLine[]> {
    const text = asked.text.slice(0, askedUnits);
    const period = timeNamed(text, asked.now);
    const question = refersBack(text, period !== null);
    const words = [...new Set(wordsOf(text))];
    const telling = words.filter((word) => !weak.has(word) && this.#tells(word));
    const found = question
      ? await this.#asked(asked, words, telling, period)
      : this.#touched(asked, words, telling);
    const best = found[0]?.score ?? 0;
    return found
      .filter(({ score }) => score >= best / 2)
      .slice(0, most)
      .sort((a, b) => (this.#lines[a.place]?.at ?? 0) - (this.#lines[b.place]?.at ?? 0))
      .flatMap(({ place }) => this.#shown(place, telling));
  }

  /** What answers a question about what was said. */
  async #asked(
    asked: EarlierSearch,
    words: readonly string[],
    telling: readonly string[],
    period: Period | null,
  ): Promise<readonly Candidate[]> {
    const inPeriod = ({ at }: SaidLine): boolean => period !== null && at >= period.from && at <= period.to;
    const scored = this.#scored(asked.shown, words).map((one) => {
      const line = this.#lines[one.place];
      return { ...one, score: one.score + (line && inPeriod(line) && one.score > 0 ? 3 : 0) };
    });
    const subject = telling.length > 0 ? telling : words.filter((word) => !weak.has(word));
    // "What did we talk about last week?" names a time and nothing else.
    if (period && subject.length === 0) return this.#tellingOf(scored, inPeriod);
    const byWords = scored
      .filter(({ score }) => score > 0)
      .sort(byScore)
      .slice(0, shortlist);
    const listed =
      byWords.some(({ place }) => this.#covers(place, subject)) || !asked.meaning
        ? byWords
        : [...byWords, ...scored.filter(({ score }) => score === 0).slice(-shortlist)].slice(0, shortlist);
    await this.#readMeaning(listed, asked);
    const middle = medianOf(listed.flatMap((one) => one.cosine ?? []));
    for (const one of listed) if (one.cosine !== null) one.score += 30 * Math.max(-0.05, one.cosine - middle);
    return listed
      .filter(
        (one) =>
          this.#covers(one.place, subject) ||
          (one.cosine !== null && one.cosine >= alike && one.cosine - middle >= standsOut),
      )
      .sort(byScore);
  }

  /** What shares a name or rare words with a message that asks for nothing. */
  #touched(
    { shown, window }: EarlierSearch,
    words: readonly string[],
    telling: readonly string[],
  ): Candidate[] {
    if (telling.length === 0) return [];
    const known = new Set(window.flatMap((text) => wordsOf(text)));
    const fresh = telling.filter((word) => !known.has(word));
    if (fresh.length === 0) return [];
    const rare = Math.max(2, this.#lines.length / 100);
    return this.#scored(shown, words)
      .filter(({ place }) => {
        const own = new Set(this.#alone[place]);
        const shared = fresh.filter((word) => own.has(word));
        if (shared.some((word) => isNameIn(this.#lines[place]?.text ?? '', word))) return true;
        const few = shared.filter((word) => this.#words.frequency(word) <= rare);
        return few.length > 1 || few.some((word) => word.length >= 6);
      })
      .sort(byScore);
  }

  /** Every line that may come back, by its words. */
  #scored(shown: ReadonlySet<string>, words: readonly string[]): Candidate[] {
    const alone = this.#words.scores(words);
    const inContext = this.#inContext.scores(words);
    return this.#lines.flatMap(({ id, by }, place) => {
      if (shown.has(id) || this.#asks[place]) return [];
      const score = (alone[place] ?? 0) + (inContext[place] ?? 0);
      return [{ place, score: by === 'person' ? score : 0.7 * score, cosine: null }];
    });
  }

  /** The lines of a time that say most. */
  #tellingOf(scored: readonly Candidate[], inPeriod: (line: SaidLine) => boolean): Candidate[] {
    return scored
      .flatMap((one) => {
        const line = this.#lines[one.place];
        if (line?.by !== 'person' || !inPeriod(line)) return [];
        const own = new Set(this.#alone[one.place]);
        return [{ ...one, score: [...own].filter((word) => this.#tells(word)).length }];
      })
      .filter(({ score }) => score > 1)
      .sort(byScore);
  }

  /** The vectors that are there in time; the best lines first. */
  async #readMeaning(listed: readonly Candidate[], { text, meaning, clock }: EarlierSearch): Promise<void> {
    if (!meaning || listed.length === 0) return;
    let over = false;
    const read = async (): Promise<void> => {
      const [question] = await meaning.vectors([text], 'query');
      for (let start = 0; question && !over && start < listed.length; start += together) {
        const part = listed.slice(start, start + together);
        const vectors = await meaning.vectors(
          part.map(({ place }) => this.#passage(place)),
          'passage',
        );
        if (over) return;
        for (const [at, one] of part.entries()) {
          const vector = vectors[at];
          one.cosine = vector ? cosine(question, vector) : null;
        }
      }
    };
    if ((await within(clock, meaningMs, read())) === late) over = true;
  }

  #passage(place: number): string {
    const { text = '' } = this.#lines[place] ?? {};
    const before = this.#before(place);
    return (before ? `${before.text.slice(-150)} ${text}` : text).slice(0, earlierUnits);
  }

  /** Enough of what is asked for stands in a line, or in it and the line it answers. */
  #covers(place: number, subject: readonly string[]): boolean {
    if (subject.length === 0) return false;
    const before = this.#before(place);
    const own = new Set([...(this.#alone[place] ?? []), ...(before ? (this.#alone[place - 1] ?? []) : [])]);
    const weight = (word: string): number => 1 / Math.log(2 + this.#words.frequency(word));
    const sum = (of: readonly string[]): number => of.reduce((total, word) => total + weight(word), 0);
    const shared = subject.filter((word) => own.has(word));
    return shared.some((word) => this.#tells(word)) && sum(shared) >= coverage * sum(subject);
  }

  /** Whether a word is in some of the lines, and in few. */
  #tells(word: string): boolean {
    const frequency = this.#words.frequency(word);
    return frequency > 0 && frequency <= Math.max(tellingCount, tellingShare * this.#lines.length);
  }

  #before(place: number): SaidLine | null {
    const line = this.#lines[place];
    const before = this.#lines[place - 1];
    return line && before && before.talk === line.talk ? before : null;
  }

  #shown(place: number, telling: readonly string[]): EarlierLine[] {
    const line = this.#lines[place];
    if (!line) return [];
    const before = this.#before(place);
    const own = new Set(this.#alone[place]);
    // A short answer says nothing without its question.
    const answers = before !== null && before.by !== line.by && !telling.some((word) => own.has(word));
    const after = answers ? excerpt(before.text, telling, earlierUnits / 2) : null;
    const { by, text, at, talk, id } = line;
    const shown = excerpt(text, telling, earlierUnits - (after?.length ?? 0));
    return [{ by, text: shown, after, at, talk, entry: id.slice(talk.length + 1) }];
  }
}

function wordsOf(text: string): string[] {
  const pairs = /[\u3040-\u30ff\u3400-\u9fff]/.test(text) ? factWords(text) : [];
  return [...contentWords(text), ...pairs].filter((word) => !/^\d$/.test(word));
}

/** Whether a word stands in a text as a name does: with a capital, not at the beginning of a sentence. */
function isNameIn(text: string, word: string): boolean {
  return [...text.matchAll(/(?<=[\p{Ll},;:]\s)\p{Lu}[\p{L}\p{M}'’-]+/gu)].some(
    ([name]) => contentWords(name)[0] === word,
  );
}

/** The part of a text that says most of what is looked for, in one line. */
function excerpt(text: string, telling: readonly string[], units: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= units) return line;
  const sentences = line.match(/\S.*?(?:[.!?。！？]+(?=\s|$)|$)/g) ?? [line];
  const hits = sentences.map((sentence) => {
    const own = new Set(wordsOf(sentence));
    return telling.filter((word) => own.has(word)).length;
  });
  const from = Math.max(0, hits.indexOf(Math.max(...hits)));
  const rest = `${from > 0 ? '… ' : ''}${sentences.slice(from).join(' ')}`;
  if (rest.length <= units) return rest;
  return `${rest
    .slice(0, units - 2)
    .toWellFormed()
    .trimEnd()} …`;
}

function byScore(a: Candidate, b: Candidate): number {
  return b.score - a.score || b.place - a.place;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
