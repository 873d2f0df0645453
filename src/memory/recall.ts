import { LexicalIndex } from '../text/lexical-index.js';
import { monthsIn, numbersIn } from './dates.js';
import { cosine, type Meaning } from './meaning.js';

/** A line of a long conversation. */
export interface PastTurn {
  readonly id: string;
  readonly speaker: string;
  readonly text: string;
  /** Which conversation it belongs to; those of one stand together. */
  readonly session: number;
  /** When that was, as people write it: `8 May 2023`. */
  readonly at?: string | undefined;
}

interface RecalledTurn {
  readonly turn: PastTurn;
  /** Higher is better; comparable within one search. */
  readonly score: number;
}

/** How much each view counts; chosen on the public questions (docs/memory.md). */
interface RecallWeights {
  /** Shared words with the turn, and with the turn and the one before it. */
  readonly words: number;
  readonly wordsInContext: number;
  /** The same two by meaning. */
  readonly meaning: number;
  readonly meaningInContext: number;
  /** Added where the speaker is named. */
  readonly speaker: number;
  /** Added for the conversation around a turn. */
  readonly session: number;
  /** Added where the month is named, and again where the day is. */
  readonly date: number;
}

const recallWeights: RecallWeights = {
  words: 1,
  wordsInContext: 1,
  meaning: 1,
  meaningInContext: 1,
  speaker: 2,
  session: 0.6,
  date: 1,
};

/** Best turns by which a conversation is judged. */
const bestOfSession = 3;

/**
 * Finds what was said long ago: shared words and meaning, of a turn alone and with the one before it, each brought to mean 0 and
 * deviation 1 over all turns and added, with who is named and when. Without vectors, words alone.
 */
export class RecallIndex {
  readonly #turns: readonly PastTurn[];
  readonly #meaning: Meaning | null;
  readonly #weights: RecallWeights;
  readonly #alone: readonly string[];
  readonly #inContext: readonly string[];
  readonly #words: LexicalIndex;
  readonly #wordsInContext: LexicalIndex;
  readonly #speakers: readonly string[];
  readonly #months: readonly ReadonlySet<number>[];
  readonly #days: readonly ReadonlySet<number>[];
  #vectors: Promise<readonly [readonly Float32Array[], readonly Float32Array[]]> | null = null;

  /** @param turns oldest first. */
  constructor(turns: readonly PastTurn[], meaning: Meaning | null, weights: RecallWeights = recallWeights) {
    this.#turns = turns;
    this.#meaning = meaning;
    this.#weights = weights;
    this.#alone = turns.map(lineOf);
    this.#inContext = turns.map((turn, place) => {
      const before = turns[place - 1];
      return before?.session === turn.session ? `${lineOf(before)} ${lineOf(turn)}` : lineOf(turn);
    });
    this.#words = new LexicalIndex(this.#alone);
    this.#wordsInContext = new LexicalIndex(this.#inContext);
    this.#speakers = [...new Set(turns.map(({ speaker }) => speaker))];
    this.#months = turns.map(({ at = '' }) => monthsIn(at));
    this.#days = turns.map(({ at = '' }) => numbersIn(at));
  }

  /** At most `k` turns, the likeliest first. @throws RapportError where the vectors cannot be made. */
  async search(question: string, k: number): Promise<readonly RecalledTurn[]> {
    const { words, wordsInContext, meaning, meaningInContext, session } = this.#weights;
    const [alone, inContext] = await this.#similar(question);
    const byContext = scaled(this.#wordsInContext.scores(question), wordsInContext);
    const byMeaning = scaled(alone, meaning);
    const byMeaningInContext = scaled(inContext, meaningInContext);
    const deep = byContext.map(
      (value, place) => value + (byMeaning[place] ?? 0) + (byMeaningInContext[place] ?? 0),
    );
    const byWords = scaled(this.#words.scores(question), words);
    const around = this.#sessions(deep);
    const named = this.#named(question);
    const when = this.#when(question);
    return this.#turns
      .map((turn, place) => ({
        turn,
        place,
        score:
          (deep[place] ?? 0) +
          (byWords[place] ?? 0) +
          session * (around.get(turn.session) ?? 0) +
          (turn.speaker === named ? this.#weights.speaker : 0) +
          this.#weights.date * when(place),
      }))
      .sort((a, b) => b.score - a.score || a.place - b.place)
      .slice(0, k)
      .map(({ turn, score }) => ({ turn, score }));
  }

  async #similar(question: string): Promise<readonly [readonly number[], readonly number[]]> {
    const meaning = this.#meaning;
    if (!meaning) return [[], []];
    this.#vectors ??= Promise.all([
      meaning.vectors(this.#alone, 'passage'),
      meaning.vectors(this.#inContext, 'passage'),
    ]);
    const loading = this.#vectors;
    loading.catch(() => {
      if (this.#vectors === loading) this.#vectors = null;
    });
    const [[alone, inContext], [asked]] = await Promise.all([loading, meaning.vectors([question], 'query')]);
    if (!asked) return [[], []];
    return [alone.map((vector) => cosine(vector, asked)), inContext.map((vector) => cosine(vector, asked))];
  }

  /** The mean of the best turns of each conversation. */
  #sessions(scores: readonly number[]): ReadonlyMap<number, number> {
    const bySession = new Map<number, number[]>();
    for (const [place, { session }] of this.#turns.entries()) {
      const own = bySession.get(session) ?? [];
      own.push(scores[place] ?? 0);
      bySession.set(session, own);
    }
    return new Map(
      [...bySession].map(([session, own]) => {
        const best = own.sort((a, b) => b - a).slice(0, bestOfSession);
        return [session, best.reduce((sum, value) => sum + value, 0) / best.length];
      }),
    );
  }

  /** The one speaker whose name stands in the question. */
  #named(question: string): string | null {
    const asked = ` ${question.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')} `;
    const named = this.#speakers.filter((name) => asked.includes(` ${name.toLowerCase()} `));
    return named.length === 1 ? (named[0] ?? null) : null;
  }

  #when(question: string): (place: number) => number {
    const months = [...monthsIn(question)];
    const days = [...numbersIn(question)];
    return (place) => {
      if (!months.some((month) => this.#months[place]?.has(month))) return 0;
      return days.some((day) => this.#days[place]?.has(day)) ? 2 : 1;
    };
  }
}

function lineOf({ speaker, text }: PastTurn): string {
  return `${speaker}: ${text}`;
}

/** Brought to mean 0 and deviation `weight`. */
function scaled(values: readonly number[], weight: number): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(variance) + 1e-9;
  return values.map((value) => (weight * (value - mean)) / deviation);
}
