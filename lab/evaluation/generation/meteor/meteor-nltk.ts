import { porterStem } from './porter.js';
import { type Kind, kinds, type WordNet } from './wordnet.js';

const alpha = 0.9;
const beta = 3;
const gamma = 0.5;

/**
 * METEOR of one text in [0, 1] as nltk 3.10's `meteor_score`: words, then Porter stems, then WordNet synonyms are matched from the end
 * of the text, each with the last free word; α 0.9, β 3, γ 0.5; the best over the references. It differs from METEOR 1.5, and a text
 * that equals its reference does not get 1. The corpus's value is the mean.
 */
export function meteorNltk(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
  wordNet: WordNet,
): number {
  const said = hypothesis.map((word) => word.toLowerCase());
  return Math.max(
    0,
    ...references.map((reference) =>
      scoreOf(
        said,
        reference.map((word) => word.toLowerCase()),
        wordNet,
      ),
    ),
  );
}

interface Placed {
  readonly place: number;
  readonly word: string;
}

type Pair = readonly [said: number, wanted: number];

function scoreOf(hypothesis: readonly string[], reference: readonly string[], wordNet: WordNet): number {
  let said: readonly Placed[] = hypothesis.map((word, place) => ({ place, word }));
  let wanted: readonly Placed[] = reference.map((word, place) => ({ place, word }));
  const pairs: Pair[] = [];
  const stemmed = ({ place, word }: Placed): Placed => ({ place, word: porterStem(word) });
  const take = (find: (word: string) => Iterable<string>, prepare: (one: Placed) => Placed): void => {
    const found = matchFromEnd(said.map(prepare), wanted.map(prepare), find);
    const [usedSaid, usedWanted] = [new Set(found.map(([a]) => a)), new Set(found.map(([, b]) => b))];
    // What is left goes on as it was prepared, as in nltk: synonyms are looked up for stems.
    said = said.map(prepare).filter(({ place }) => !usedSaid.has(place));
    wanted = wanted.map(prepare).filter(({ place }) => !usedWanted.has(place));
    pairs.push(...found);
  };
  take(
    (word) => [word],
    (one) => one,
  );
  take((word) => [word], stemmed);
  take(
    (word) => synonyms(word, wordNet),
    (one) => one,
  );
  if (pairs.length === 0) return 0;
  const precision = pairs.length / hypothesis.length;
  const recall = pairs.length / reference.length;
  const mean = (precision * recall) / (alpha * precision + (1 - alpha) * recall);
  return (1 - gamma * (chunks(pairs) / pairs.length) ** beta) * mean;
}

/** From the last word on each takes the last free word that is one of `find(word)`. */
function matchFromEnd(
  said: readonly Placed[],
  wanted: readonly Placed[],
  find: (word: string) => Iterable<string>,
): Pair[] {
  const free = new Map<string, number[]>();
  for (const { place, word } of wanted) {
    const places = free.get(word);
    if (places) places.push(place);
    else free.set(word, [place]);
  }
  const pairs: Pair[] = [];
  for (const { place, word } of [...said].reverse()) {
    let last: number[] | null = null;
    for (const one of find(word)) {
      const places = free.get(one);
      if (places && (places.at(-1) ?? -1) > (last?.at(-1) ?? -1)) last = places;
    }
    const taken = last?.pop();
    if (taken !== undefined) pairs.push([place, taken]);
  }
  return pairs;
}

/** The word and all single words of its synsets, spelt as WordNet spells them. */
function synonyms(word: string, wordNet: WordNet): Set<string> {
  const found = new Set([word]);
  for (const kind of kinds)
    for (const form of baseForms(word, kind, wordNet))
      for (const synset of wordNet.synsets(kind, form))
        for (const one of wordNet.words(kind, synset)) if (!one.includes('_')) found.add(one);
  return found;
}

type Ending = readonly [old: string, replacement: string];

const endings: Readonly<Record<Kind, readonly Ending[]>> = {
  noun: [
    ['s', ''],
    ['ses', 's'],
    ['ves', 'f'],
    ['xes', 'x'],
    ['zes', 'z'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['men', 'man'],
    ['ies', 'y'],
  ],
  verb: [
    ['s', ''],
    ['ies', 'y'],
    ['es', 'e'],
    ['es', ''],
    ['ed', 'e'],
    ['ed', ''],
    ['ing', 'e'],
    ['ing', ''],
  ],
  adj: [
    ['er', ''],
    ['est', ''],
    ['er', 'e'],
    ['est', 'e'],
  ],
  adv: [],
};

/** WordNet's `morphy`: the form itself and those of the exception list, else by endings; what WordNet does not know finds nothing. */
function baseForms(form: string, kind: Kind, wordNet: WordNet): string[] {
  const others =
    wordNet.exceptions(kind, form) ??
    endings[kind].flatMap(([old, replacement]) =>
      form.endsWith(old) ? [form.slice(0, form.length - old.length) + replacement] : [],
    );
  return [...new Set([form, ...others])];
}

/** Runs in which both texts go on word by word. */
function chunks(pairs: readonly Pair[]): number {
  const ordered = [...pairs].sort(([a], [b]) => a - b);
  return ordered.filter(([a, b], index) => {
    const before = ordered[index - 1];
    return !before || a !== before[0] + 1 || b !== before[1] + 1;
  }).length;
}
