/** nltk's irregular words. */
const pool = new Map(
  Object.entries({
    sky: 'sky skies',
    die: 'dying',
    lie: 'lying',
    tie: 'tying',
    news: 'news',
    inning: 'innings inning',
    outing: 'outings outing',
    canning: 'cannings canning',
    howe: 'howe',
    proceed: 'proceed',
    exceed: 'exceed',
    succeed: 'succeed',
  }).flatMap(([stem, words]) => words.split(' ').map((word) => [word, stem] as const)),
);

/** The stem of a word as nltk's `PorterStemmer` (its extensions of Porter 1980). */
export function porterStem(word: string): string {
  const lower = word.toLowerCase();
  const irregular = pool.get(lower);
  if (irregular !== undefined) return irregular;
  // nltk counts the characters before lower case; code points, as Python does.
  if ([...word].length <= 2) return lower;
  let stem = plural(lower);
  stem = past(stem);
  stem = finalY(stem);
  stem = doubleSuffix(stem);
  stem = byRules(stem, step3);
  stem = lastSuffix(stem);
  stem = finalE(stem);
  return stem.endsWith('ll') && measure(stem.slice(0, -1)) > 1 ? stem.slice(0, -1) : stem;
}

/** By letter whether it is a consonant; y is one at the start and after a vowel. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = [];
  for (const letter of word)
    flags.push(letter === 'y' ? !(flags.at(-1) ?? false) : !'aeiou'.includes(letter));
  return flags;
}

/** How often a vowel is followed by a consonant. */
function measure(stem: string): number {
  const flags = consonants(stem);
  return flags.filter((flag, index) => flag && flags[index - 1] === false).length;
}

const hasVowel = (stem: string): boolean => consonants(stem).includes(false);

function endsDouble(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && consonants(word).at(-1) === true;
}

/** Consonant, vowel, consonant other than w, x, y; or a word of a vowel and a consonant. */
function endsShort(word: string): boolean {
  const flags = consonants(word);
  const [third, second, last] = [flags.at(-3), flags.at(-2), flags.at(-1)];
  if (flags.length === 2) return second === false && last === true;
  return third === true && second === false && last === true && !/[wxy]$/.test(word);
}

function plural(word: string): string {
  if (word.endsWith('ies')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('sses')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function past(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((one) => word.endsWith(one) && hasVowel(word.slice(0, -one.length)));
  if (!suffix) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function finalY(word: string): string {
  if (!word.endsWith('y')) return word;
  const stem = word.slice(0, -1);
  return [...stem].length > 1 && consonants(stem).at(-1) === true ? `${stem}i` : word;
}

type Rule = readonly [suffix: string, replacement: string];

const step2: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['fulli', 'ful'],
];

const step3: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

/** The first rule whose suffix the word has decides; it holds where a vowel and a consonant stand before. */
function byRules(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const stem = word.slice(0, -rule[0].length);
  return measure(stem) > 0 ? stem + rule[1] : word;
}

function doubleSuffix(word: string): string {
  if (word.endsWith('alli') && measure(word.slice(0, -4)) > 0) return doubleSuffix(word.slice(0, -2));
  if (word.endsWith('logi')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  return byRules(word, step2);
}

const suffixes = (
  'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize' as const
).split(' ');

function lastSuffix(word: string): string {
  const suffix = suffixes.find((one) => word.endsWith(one));
  if (!suffix) return word;
  const stem = word.slice(0, -suffix.length);
  return measure(stem) > 1 && (suffix !== 'ion' || /[st]$/.test(stem)) ? stem : word;
}

function finalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const stem = word.slice(0, -1);
  const size = measure(stem);
  return size > 1 || (size === 1 && !endsShort(stem)) ? stem : word;
}
