import { asMeant } from './danger-words.js';
import { asLatin, withoutFrames } from './look-alikes.js';
import { cutIntoWords } from './run-together.js';
import { plainSpelling } from './text-speak.js';

/** Longer messages are read in their beginning and their end. */
const maxChars = 3_000;

/** Lower case, one form of blanks and apostrophes, nothing invisible; the letters of every script stay. */
export function inOneForm(text: string): string {
  const whole =
    text.length <= maxChars ? text : `${text.slice(0, maxChars / 2)} ${text.slice(-maxChars / 2)}`;
  return withoutFrames(whole)
    .normalize('NFKC')
    .replace(/\p{Cf}|\u034f|\u115f|\u1160|\u3164/gu, '')
    .toLowerCase()
    .replace(/[’‘`´ʼ＇]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * A message as its writer would say it aloud, in Latin letters without accents: look-alikes, spacing, digits for letters,
 * stretched words, chat spellings, euphemisms and slips of the thumb undone.
 */
export function normalise(text: string): string {
  const latin = asLatin(inOneForm(text.replace(/ {2,}/g, ' ¦ ')))
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
  const letters = joinSpaced(latin).replace(/ ¦ /g, ' ');
  const words = letters.replace(/[\p{L}\p{N}@$!|*'+]+/gu, (word) => readWord(word));
  return plainSpelling(words.replace(/\s+/g, ' ').trim());
}

/** `k i l l`, `k.i.l.l`, `s-u-i-c-i-d-e` → the words they are. */
function joinSpaced(text: string): string {
  return text.replace(
    /(?<![\p{L}\p{N}'])(?:[\p{L}\p{N}@$!|][ .\-_*·~/\\]{1,2}){2,80}[\p{L}\p{N}](?![\p{L}\p{N}'])/gu,
    (spaced) => {
      const joined = leetToLetters(spaced.replace(/[^\p{L}\p{N}@$!|]/gu, ''));
      return cutIntoWords(joined) ?? (joined.length >= 5 ? joined : spaced);
    },
  );
}

function readWord(typed: string): string {
  if (/^\p{N}+$/u.test(typed)) return typed;
  const [, word = '', tail = ''] = /^(.*?)([!'|]*)$/u.exec(typed) ?? [];
  if (word === '') return typed;
  const letters = unstretch(unstarred(leetToLetters(word)));
  const meant = asMeant(letters);
  if (meant !== letters || letters.length < 7) return meant + tail;
  return (cutIntoWords(letters) ?? meant) + tail;
}

const digits: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
};

/** Digits and signs within a word stand for letters; a number with its unit (`40mg`, `2pm`) does not. */
function leetToLetters(word: string): string {
  if (!/[0134579@$!|+]/.test(word) || !/\p{L}/u.test(word)) return word;
  if (
    /^\d+(?:mg|g|ml|l|am|pm|st|nd|rd|th|s|k|x|yo|yr|yrs|h|hr|hrs|min|mins|pills?|m|f|cm|kg|lbs?)$/.test(word)
  )
    return word;
  const swapped = word.replace(/[0134579@$!|+]/g, (sign) => digits[sign] ?? sign);
  return swapped
    .replace(/^kiii$/, 'kill')
    .replace(/^kii/, 'kil')
    .replace(/^ki[il]{2}(?=$|ing|ed|m)/, 'kill');
}

/** `su*cide`, `k*ll`, `d*e`: the word with the letter that was left out. */
function unstarred(word: string): string {
  if (!word.includes('*')) return word;
  const pattern = new RegExp(`^${word.replace(/[^\p{L}*]/gu, '').replace(/\*+/g, '[a-z]{1,3}')}$`);
  return starred.find((whole) => pattern.test(whole)) ?? word.replaceAll('*', '');
}
const starred = [
  'suicide',
  'suicidal',
  'kill',
  'killing',
  'die',
  'dead',
  'rape',
  'raped',
  'cut',
  'cutting',
  'overdose',
  'murder',
  'harm',
  'unalive',
];

/** `dieeee` → `die`, `killlll` → `kill`. */
function unstretch(word: string): string {
  if (!/(\p{L})\1{2}/u.test(word)) return word;
  const twice = word.replace(/(\p{L})\1{2,}/gu, '$1$1');
  return doubled.test(twice) ? twice : twice.replace(/(\p{L})\1(?=\p{L}*$)/gu, '$1');
}
const doubled =
  /^(?:kill(?:ing|ed)?|pills?|still|will|all|fell|tell|hell|well|need|feel|sleep|soon|too|bleed(?:ing)?|cutting)$/;
