import { mean } from '../metrics.js';
import { type BleuCounts, bleuCounts, bleuOf, runsIn } from './bleu.js';
import { ciderD, documentFrequencies } from './cider-d.js';
import { WordMatcher } from './meteor/matches.js';
import { meteorNltk } from './meteor/meteor-nltk.js';
import { addMeteor, type MeteorCounts, meteorCounts, meteorOf } from './meteor/meteor15.js';
import { WordNet } from './meteor/wordnet.js';
import { countRuns } from './ngrams.js';
import { nltkTokens, splitWords } from './nltk-tokens.js';
import { rougeL } from './rouge-l.js';
import { parlaiF1 } from './word-f1.js';

/** A string, or its tokens. */
export type Text = string | readonly string[];

/** What was said and what others said in its place. */
export interface GeneratedText {
  readonly hypothesis: Text;
  /** At least one. */
  readonly references: readonly Text[];
}

export const metricNames = [
  'bleu1',
  'bleu2',
  'bleu3',
  'bleu4',
  'rougeL',
  'ciderD',
  'meteor15',
  'meteorNltk',
  'distinct1',
  'distinct2',
  'f1',
] as const;

/** Figures of generated text by name; docs/evaluation.md says what each means. */
export type GenerationMetrics = Readonly<Record<(typeof metricNames)[number], number>>;

interface RowCounts {
  readonly bleu: BleuCounts;
  readonly rougeL: number;
  readonly ciderD: number;
  readonly meteor15: MeteorCounts;
  readonly meteorNltk: number;
  readonly f1: number;
  /** Numbers of the single words and of the pairs of words of the hypothesis, with repetition. */
  readonly runs: readonly [words: readonly number[], pairs: readonly number[]];
}

/** Reads texts once and gives the figures of any of them. */
export class GeneratedCorpus {
  readonly #rows: readonly RowCounts[];

  /**
   * Strings are split as nltk's `word_tokenize` splits their lower-case form; token lists are taken as they are.
   * @param documents the document frequencies of CIDEr-D are those of so many first texts; the others repeat their references.
   * @param onRow called before the first row and after each.
   * @throws RapportError RAPPORT_E_WORDNET_MISSING
   */
  constructor(
    texts: readonly GeneratedText[],
    documents = texts.length,
    onRow?: (done: number, total: number) => void,
  ) {
    const wordNet = WordNet.read();
    const matcher = new WordMatcher(wordNet);
    const split = texts.map(({ hypothesis, references }) => ({
      said: tokensOf(hypothesis),
      wanted: references.map(tokensOf),
    }));
    const frequencies = documentFrequencies(split.slice(0, documents).map(({ wanted }) => wanted));
    const numbers = new Map<string, number>();
    onRow?.(0, split.length);
    this.#rows = split.map(({ said, wanted }, index) => {
      const { hypothesis, references } = texts[index] as GeneratedText;
      const row = {
        bleu: bleuCounts(said, wanted),
        rougeL: rougeL(said, wanted),
        ciderD: ciderD(said, wanted, frequencies),
        meteor15: meteorCounts(
          said.join(' '),
          wanted.map((words) => words.join(' ')),
          matcher,
        ),
        meteorNltk: meteorNltk(said, wanted, wordNet),
        f1: parlaiF1(plain(hypothesis), references.map(plain)),
        runs: [numbered(said, 1, numbers), numbered(said, 2, numbers)] as const,
      };
      onRow?.(index + 1, split.length);
      return row;
    });
  }

  /** The corpus's figures of the rows at these places; a place may occur several times. */
  metrics(places: readonly number[] = [...this.#rows.keys()]): GenerationMetrics {
    const rows = places.map((place) => this.#rows[place] as RowCounts);
    const [bleu1 = 0, bleu2 = 0, bleu3 = 0, bleu4 = 0] = bleuOf(sumOf(rows.map(({ bleu }) => bleu)));
    return {
      bleu1,
      bleu2,
      bleu3,
      bleu4,
      rougeL: mean(rows.map((row) => row.rougeL)),
      ciderD: mean(rows.map((row) => row.ciderD)),
      meteor15: meteorOf(addMeteor(rows.map((row) => row.meteor15))),
      meteorNltk: mean(rows.map((row) => row.meteorNltk)),
      distinct1: distinctOf(rows.map(({ runs }) => runs[0])),
      distinct2: distinctOf(rows.map(({ runs }) => runs[1])),
      f1: mean(rows.map((row) => row.f1)),
    };
  }
}

function tokensOf(text: Text): string[] {
  return typeof text === 'string' ? nltkTokens(text) : splitWords(text.join(' '));
}

function plain(text: Text): string {
  return typeof text === 'string' ? text : text.join(' ');
}

/** A number for each run of words, the same for the same run. */
function numbered(words: readonly string[], length: number, numbers: Map<string, number>): number[] {
  return [...countRuns(words, length)].flatMap(([run, count]) => {
    const key = `${length} ${run}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return new Array<number>(count).fill(known);
  });
}

function distinctOf(rows: readonly (readonly number[])[]): number {
  const seen = new Set<number>();
  let total = 0;
  for (const runs of rows) {
    total += runs.length;
    for (const run of runs) seen.add(run);
  }
  return total === 0 ? 0 : seen.size / total;
}

function sumOf(all: readonly BleuCounts[]): BleuCounts & { readonly runs: readonly number[] } {
  const sums = { length: 0, referenceLength: 0, matched: [0, 0, 0, 0], runs: [0, 0, 0, 0] };
  for (const { length, referenceLength, matched } of all) {
    sums.length += length;
    sums.referenceLength += referenceLength;
    for (const [index, count] of matched.entries()) sums.matched[index] = (sums.matched[index] ?? 0) + count;
    for (const [index, count] of runsIn(length).entries()) sums.runs[index] = (sums.runs[index] ?? 0) + count;
  }
  return sums;
}
