/**
 * Words of an English text as nltk's `word_tokenize(text.lower(), preserve_line=True)` gives them (NLTKWordTokenizer, nltk 3.10:
 * the Penn Treebank rules with unicode quotes and dashes). The papers on ESConv tokenise so.
 */
export function nltkTokens(text: string): string[] {
  let spaced = text.toLowerCase();
  for (const [pattern, replacement] of before) spaced = spaced.replace(pattern, replacement);
  spaced = ` ${spaced} `;
  for (const [pattern, replacement] of after) spaced = spaced.replace(pattern, replacement);
  return splitWords(spaced);
}

/** Splits at white space as Python's `str.split()` does. */
export function splitWords(text: string): string[] {
  return text.split(whiteSpace).filter(Boolean);
}

/** Python's white space: JavaScript's without the byte order mark, with four separators and the next-line mark. */
const pythonSpace = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const whiteSpace = new RegExp(`[${pythonSpace}]+`);
const word = String.raw`[\p{L}\p{N}_]`;
/** A word's edge, as Python's `\b` has it. */
const edge = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
const pattern = (source: string): RegExp => new RegExp(source, 'giu');

type Rule = readonly [pattern: RegExp, replacement: string];

const openingQuotes: readonly Rule[] = [
  [/([«“‘„]|`+)/gu, ' $1 '],
  [/^"/u, '``'],
  [/(``)/gu, ' $1 '],
  [/([ ([{<])("|'{2})/gu, '$1 `` '],
  [pattern(`(?<!${word})(')(?!(?:re|ve|ll|m|t|s|d|n)${edge})(?=${word})`), '$1 '],
];

const punctuation: readonly Rule[] = [
  // (the run of closing marks is taken whole, so that no text makes it try every way to cut it)
  [new RegExp(String.raw`([^.])(\.)(?=([\])}>"'»”’ ]*))\3[${pythonSpace}]*$`, 'u'), '$1 $2 $3 '],
  [/([:,])(\P{Nd})/gu, ' $1 $2'],
  [/([:,])(?=\n?$)/gu, ' $1 '],
  [/\.{2,}/gu, ' $& '],
  [/[;@#$%&]/gu, ' $& '],
  [/[\u2012-\u2015]/gu, ' $& '],
  [new RegExp(String.raw`([^.])(\.)(?=([\])}>"']*))\3[${pythonSpace}]*$`, 'u'), '$1 $2$3 '],
  [/[?!]/gu, ' $& '],
  [/([^'])' /gu, "$1 ' "],
  [/[*]/gu, ' $& '],
];

const before: readonly Rule[] = [
  ...openingQuotes,
  ...punctuation,
  [/[\][(){}<>]/gu, ' $& '],
  [/--/gu, ' -- '],
];

const closingQuotes: readonly Rule[] = [
  [/([»”’])/gu, ' $1 '],
  [/''/gu, " '' "],
  [/"/gu, " '' "],
  [new RegExp(`[${pythonSpace}]+`, 'gu'), ' '],
  [/([^' ])('[smd]|') /gu, '$1 $2 '],
  [/([^' ])('ll|'re|'ve|n't) /gu, '$1 $2 '],
];

/** Words that are two: "gonna" is "gon na" (Robert MacIntyre's list). */
const contractions: readonly Rule[] = [
  ...['can)(not', "d)('ye", 'gim)(me', 'gon)(na', 'got)(ta', 'lem)(me', "more)('n"].map(
    (pair): Rule => [pattern(`${edge}(${pair})${edge}`), ' $1 $2 '],
  ),
  [pattern(`${edge}(wan)(na)(?=[${pythonSpace}])`), ' $1 $2 '],
  [pattern(` ('t)(is)${edge}`), ' $1 $2 '],
  [pattern(` ('t)(was)${edge}`), ' $1 $2 '],
];

const after: readonly Rule[] = [...closingQuotes, ...contractions];
