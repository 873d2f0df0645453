import { contentWords } from '../text/content-words.js';

/** What a question asks about, beside the day or the number that it asks for. */
export interface Topic {
  /** Its content words, without those of asking. */
  readonly words: ReadonlySet<string>;
  /** Whom it means by a pronoun, where one says so. */
  readonly who: 'her' | 'him' | null;
}

/**
 * How near a sentence is to what is asked about: it speaks of the same; it follows a line that does, and points back to it; it points back to
 * somebody or something; or it speaks of something else.
 */
export type Nearness = 'same' | 'after' | 'refers' | 'other';

/** Words of asking, not of what is asked about. */
const asking = new Set(
  'silly question quick wait check remember recall forgot forget mention call name tell told ask wrote write date age number colour color exact exactly ago catch bet wonder guess hey'.split(
    ' ',
  ),
);
const feminine =
  /\b(?:she|her|hers|sister|mother|mum|mom|wife|girlfriend|daughter|aunt|gran|granny|grandma|grandmother|niece|woman|girl|bride)\b/i;
const masculine =
  /\b(?:he|him|his|brother|father|dad|husband|boyfriend|son|uncle|grandpa|grandfather|granddad|nephew|man|boy|groom)\b/i;
const pointsBack = /^\W*(?:it|that|this|they|those|she|he)(?:['’](?:s|ll|d|re|ve))?\b/i;
const fragmentWords = 5;

export function topicOf(question: string): Topic {
  const words = new Set(contentWords(question).filter((word) => !asking.has(word) && !/^\d+$/.test(word)));
  const [, pronoun = ''] = /\b(her|she|his|him|he)\b/i.exec(question) ?? [];
  const who = pronoun === '' ? null : /^(?:her|she)$/i.test(pronoun) ? 'her' : 'him';
  return { words, who };
}

/** Whether a text speaks of what is asked about, and not of another than who is meant; always where nothing says what it is. */
export function bearsOn(text: string, { words, who }: Topic): boolean {
  if (isOther(text, who)) return false;
  return words.size === 0 || contentWords(text).some((word) => words.has(word));
}

/** @param before what stands before the sentence in its line, else the line before. */
export function nearness(sentence: string, before: string | undefined, topic: Topic): Nearness {
  if (bearsOn(sentence, topic)) return 'same';
  if (isOther(sentence, topic.who)) return 'other';
  const back = pointsBack.test(sentence);
  const fragment = !/\b(?:i|my|we|our)\b/i.test(sentence) && sentence.split(/\s+/).length <= fragmentWords;
  if ((back || fragment) && before !== undefined && bearsOn(before, topic)) return 'after';
  return back ? 'refers' : 'other';
}

/** It names a man where a woman is meant, or the other way round. */
function isOther(text: string, who: Topic['who']): boolean {
  if (who === null) return false;
  const [own, others] = who === 'her' ? [feminine, masculine] : [masculine, feminine];
  return others.test(text) && !own.test(text);
}
