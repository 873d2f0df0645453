import snowball from 'snowball-stemmers';
import { kinds, type WordNet } from './wordnet.js';

/** The module of words that are the same; 1 is that of the same stem, 2 of synonyms. */
export const exact = 0;

/** Two words that may be matched. */
export interface Match {
  /** Place in the hypothesis. */
  readonly said: number;
  /** Place in the reference. */
  readonly wanted: number;
  readonly module: number;
}

const stemmer = snowball.newStemmer('english');

/** Finds which words of two texts may be matched, with a memory for stems and synonyms of words. */
export class WordMatcher {
  readonly #wordNet: WordNet;
  readonly #stems = new Map<string, string>();
  readonly #synsets = new Map<string, ReadonlySet<number>>();

  constructor(wordNet: WordNet) {
    this.#wordNet = wordNet;
  }

  /** By place in the reference: exact matches, then stems, then synonyms, each from the start of the hypothesis. */
  matches(said: readonly string[], wanted: readonly string[]): Match[][] {
    const same = said.length === wanted.length && said.every((word, index) => word === wanted[index]);
    const tests = same ? [this.#tests[exact]] : this.#tests;
    return wanted.map((other, place) =>
      tests.flatMap((test, module) =>
        said.flatMap((word, index) => (test?.(word, other) ? [{ said: index, wanted: place, module }] : [])),
      ),
    );
  }

  readonly #tests: readonly ((a: string, b: string) => boolean)[] = [
    (a, b) => a === b,
    (a, b) => a !== b && this.#stem(a) === this.#stem(b),
    (a, b) => a !== b && overlap(this.#meanings(a), this.#meanings(b)),
  ];

  #stem(word: string): string {
    return remembered(this.#stems, word, () => stemmer.stem(word));
  }

  /** Numbers of the synsets of a word and of its base form. Nouns and verbs may share a number, as in METEOR's own table. */
  #meanings(word: string): ReadonlySet<number> {
    return remembered(this.#synsets, word, () => {
      const bases = kinds.flatMap((kind) => this.#wordNet.exceptions(kind, word) ?? []);
      const forms = bases.length > 0 ? bases : [this.#base(word)];
      return new Set([word, ...forms].flatMap((form) => this.#synsetsOf(form)));
    });
  }

  #synsetsOf(form: string): number[] {
    return kinds.flatMap((kind) => this.#wordNet.synsets(kind, form));
  }

  /** The first form by these endings that WordNet knows, in the order of WordNet's `morph`. */
  #base(word: string): string {
    if (word.endsWith('ss') || word.length <= 2) return word;
    for (const [old, replacement] of endings) {
      if (!word.endsWith(old)) continue;
      const form = word.slice(0, word.length - old.length) + replacement;
      if (this.#synsetsOf(form).length > 0) return form;
    }
    return '';
  }
}

const endings: readonly (readonly [old: string, replacement: string])[] = [
  ['s', ''],
  ['ses', 's'],
  ['xes', 'x'],
  ['zes', 'z'],
  ['ches', 'ch'],
  ['shes', 'sh'],
  ['men', 'man'],
  ['ies', 'y'],
  ['s', ''],
  ['ies', 'y'],
  ['es', 'e'],
  ['es', ''],
  ['ed', 'e'],
  ['ed', ''],
  ['ing', 'e'],
  ['ing', ''],
  ['er', ''],
  ['est', ''],
  ['er', 'e'],
  ['est', 'e'],
];

function remembered<T>(known: Map<string, T>, word: string, find: () => T): T {
  const before = known.get(word);
  if (before !== undefined) return before;
  const found = find();
  known.set(word, found);
  return found;
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const one of a) if (b.has(one)) return true;
  return false;
}
