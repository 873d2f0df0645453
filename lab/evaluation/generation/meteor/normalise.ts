import { abbreviations, abbreviationsBeforeNumbers } from './english.js';

/** The letters METEOR knows: Latin and Cyrillic. */
const letter =
  'A-Za-z\u0160\u017d\u0161\u017e\u0178\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e\u0400-\u04ff\u0500-\u0527\ua640-\ua66e\ua67e-\ua697\u1d00-\u1d7f';
const inWord = `0-9${letter}`;
const rule = (source: string): RegExp => new RegExp(source, 'gu');

/** Stands for a dot of several ("..."), which is no full stop; no text may hold it. */
const dot = '\ue000';

const symbols = rule(String.raw`[^${inWord} \t\n\v\f\r.'\x60,\-‘’]`);

const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [rule('([^0-9]),([^0-9])'), '$1 , $2'],
  [rule('([0-9]),([^0-9])'), '$1 , $2'],
  [rule('([^0-9]),([0-9])'), '$1 , $2'],
  [rule('[`‘’]'), "'"],
  [rule("[“”]|''"), ' " '],
  [rule('–'), '-'],
  [rule('--'), '-'],
  [rule(`([${inWord}.])-([${inWord}])`), '$1 $2'],
  [rule(`([^${letter}])'([^${letter}])`), "$1 ' $2"],
  [rule(`([^${letter}0-9])'([${letter}])`), "$1 ' $2"],
  [rule(`([${letter}])'([^${letter}])`), "$1 ' $2"],
  [rule(`([${letter}])'([${letter}])`), "$1 '$2"],
  [rule("([0-9])'(s)"), "$1 '$2"],
];

/** Splits a text into words as METEOR 1.5 does with `-l en -norm`, and makes them lower case. */
export function meteorWords(text: string): string[] {
  let line = ` ${text} `
    .replace(symbols, ' $& ')
    .replace(/\.{2,}/g, (dots) => ` ${dot.repeat(dots.length)} `);
  for (const [pattern, replacement] of rules) line = line.replace(pattern, replacement);
  const words = splitAtSpace(line);
  return splitAtSpace(
    words
      .map((word, index) => withDot(word, words[index + 1]))
      .join(' ')
      .replaceAll(dot, '.')
      .replace(/[\u2000-\u200a\u202f\u205f\u3000\u00a0]/gu, ' ')
      .toLowerCase(),
  );
}

/** A dot ends the sentence, unless the word is an abbreviation or a small letter follows. "U.S." loses its dots. */
function withDot(word: string, next: string | undefined): string {
  if (word.length < 2 || !word.endsWith('.')) return word;
  const before = word.slice(0, -1);
  if (before.includes('.') && new RegExp(`[${letter}]`, 'u').test(before)) return word.replaceAll('.', '');
  const goesOn =
    next !== undefined &&
    (/^[a-z]/.test(next) || (abbreviationsBeforeNumbers.has(before) && /^[0-9]/.test(next)));
  return abbreviations.has(before) || goesOn ? word : `${before} .`;
}

function splitAtSpace(line: string): string[] {
  return line.split(/[ \t\n\r\f]+/).filter(Boolean);
}
