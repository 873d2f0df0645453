import { toThemselves } from '../text/second-person.js';
import type { Asked, FactChooser } from './fact-chooser.js';
import { bearsOn, type Nearness, nearness, topicOf } from './told-topic.js';

/** Earlier lines of theirs that are looked through. */
const maxLines = 30;
const maxQuoted = 140;

/** What is known of somebody, and how it is told where that differs: with a date. */
interface ToldFacts {
  readonly texts: readonly string[];
  readonly shown?: readonly string[];
}

/** Something a person wrote long before. */
export interface WrittenLong {
  readonly text: string;
  /** `3 weeks ago` */
  readonly when: string;
}

/** "What's my sister called?", "how old is my son" */
const asksOfTheirs =
  /(?:^|[,.;!?]\s*|\b(?:and|but|so|ok|okay|sorry|hey|wait|question|quick|way|btw|test|again)\s+)(?:what|who|where|when|which|how (?:old|many|long))(?:['’]?s| is| was| are| were)?\s(?:[\p{L}'’]+\s){0,3}my\b/iu;
/** "Where do I live?", "how many cats do I have?" */
const asksOfThem =
  /\b(?:what|where|which|who|how many|how old|when)\b[^.!?]{0,30}\b(?:do i (?:live|work|study|have|own|play|drive|like|come|do for|teach|love)|am i (?:from|called|married|studying)|was i born)\b/i;
const asksToRemember =
  /\b(?:(?:do|did|can|will) (?:you|u) (?:still |even )?(?:remember|know|recall|catch)|(?<!\b(?:i|we|can|can['’]?t|cannot|could|couldn['’]?t|don['’]?t|didn['’]?t|not|to|still|always|even|barely|hardly|ever|never) )remember|bet you(?:['’]ve)? forgot)\b[^.!]{0,60}\b(?:my|i|i['’]?m|me)\b/i;
const asksWhatWasSaid =
  /\b(?:what|who|where|when|which|how \w+)\b[^.!]{0,40}\b(?:did|have) i (?:just )?(?:say|said|tell|told|mention|mentioned|call)|\b(?:what|who|which|where|when|how)\b[^.!]{0,60}\bi (?:said i|said my|told you|mentioned)\b|\b(?:did|have) i (?:ever )?(?:tell|told|mention|mentioned|say|said)\b[^.!]{0,60}\?/i;
/** "Whats her name, do you remember?", of somebody they told of. */
const asksAgain =
  /\b(?:what|who|where|when|which|how)(?:['’]?s)?\b[^.!]{0,50}\b(?:her|his|its|their)\b[^.!]{0,50}\b(?:remember|again|did i (?:say|tell)|i told you)\b/i;
/** What to do, or who they are talking to: not what was told. */
const asksForAdvice =
  /\b(?:should|can|could|would|shall|must|may|might|will) i\b|\bwhy\b|\b(?:talking|speaking) to\b|\bwrong with\b|\bmy (?:\p{L}+ )?(?:point|purpose|problem|fault|mistake|future|life|worth|options|rights|chances?|next step)\b|\bthe point\b/iu;

/** Whether somebody asks back what they told of themselves: "what's my sister called?", "do you remember where I work?" */
export function asksBack(text: string): boolean {
  if ([asksWhatWasSaid, asksToRemember, asksAgain].some((form) => form.test(text))) return true;
  return (asksOfTheirs.test(text) || asksOfThem.test(text)) && !asksForAdvice.test(text);
}

/**
 * The answer to such a question, out of what is known and what they wrote before; null where it is no such question. Where nothing
 * answers it, that is said: better than a guess.
 * @param facts what is known of them. @param lines what they wrote in this conversation before, oldest first. @param earlier what they
 * wrote long before and fits the question.
 */
export async function toldBack(
  asked: Asked,
  { texts, shown = texts }: ToldFacts,
  lines: readonly string[],
  name: string,
  chooser: FactChooser,
  earlier: readonly WrittenLong[] = [],
): Promise<string | null> {
  if (!asksBack(asked.text)) return null;
  const { fitting } = await chooser.choose(asked, texts);
  const [first, ...others] = fitting.flatMap(({ index }) => shown[index] ?? []);
  const { wanted, needed, subject } = soughtIn(asked.text);
  const topic = topicOf(asked.text);
  const answers = (fact: string): boolean =>
    (wanted === null || wanted.test(fact)) && (!subject || subject.test(fact));
  const fits = [...(first === undefined ? [] : [first]), ...others].filter(answers);
  const told = (fact: string): string => toThemselves(fact, name) ?? `You told me: ${fact}`;
  // A day or a number stands in many facts: one that speaks of the same thing comes before a line, any other after it.
  const sure = fits.find((fact) => !needed || bearsOn(fact, topic));
  if (sure !== undefined) return told(sure);
  const written = [...earlier.map(({ text }) => text), ...lines.slice(-maxLines)];
  const line = await writtenBefore(
    asked,
    subject ? written.filter((one) => subject.test(one)) : written,
    chooser,
  );
  if (line !== null) return line;
  const [other] = fits;
  if (other !== undefined) return told(other);
  // A day, a number or a colour is asked for, and this tells none.
  if (first !== undefined && (!needed || wanted?.test(first))) return told(first);
  return (
    (await writtenBefore(asked, written, chooser)) ??
    writtenLong(asked, earlier) ??
    "I'm not sure I caught that. Will you tell me again?"
  );
}

/** What an answer must hold; whether nothing else answers; and whom or what it is about, where the question says so ("my friend"). */
function soughtIn(question: string): {
  readonly wanted: RegExp | null;
  readonly needed: boolean;
  readonly subject: RegExp | null;
} {
  const [, wanted = null] = sought.find(([form]) => form.test(question)) ?? [];
  const [, noun] = ofTheirs.exec(question) ?? [];
  return {
    wanted,
    needed: wanted !== null && wanted !== properName,
    subject: noun === undefined ? null : new RegExp(`\\b${noun}`, 'iu'),
  };
}

const ofTheirs =
  /\bmy (?:best |old |new |little |big |older |younger |late )?(?!name\b|names\b)(\p{L}{3,})(?<!['’]?s)(?=['’]?s?\b)/iu;

/** The newest of what they wrote long before, where it stands for itself. */
function writtenLong(asked: Asked, earlier: readonly WrittenLong[]): string | null {
  // A name, a number or a day is asked for, and none was found.
  if (sought.some(([question]) => question.test(asked.text))) return null;
  const last = earlier.findLast(({ text }) => !text.includes('?'));
  return last ? `You told me that ${last.when}: “${last.text.replace(/\s+/g, ' ').trim()}”` : null;
}

/** What they wrote that answers it, in their words: a sentence with a name where a name is asked for, a number where one is. */
async function writtenBefore(
  asked: Asked,
  lines: readonly string[],
  chooser: FactChooser,
): Promise<string | null> {
  const { wanted, needed } = soughtIn(asked.text);
  if (wanted === null) return null;
  const topic = topicOf(asked.text);
  const found = lines.flatMap((line, place) =>
    quotable(line).flatMap((sentence): { readonly sentence: string; readonly near: Nearness }[] => {
      const before = line.slice(0, line.indexOf(sentence)).trim() || lines[place - 1];
      return wanted.test(sentence) ? [{ sentence, near: nearness(sentence, before, topic) }] : [];
    }),
  );
  const sentences = (['same', 'after', 'refers', 'other'] as const)
    .filter((near) => near !== 'other' || !needed)
    .map((wantedNear) => found.filter(({ near }) => near === wantedNear).map(({ sentence }) => sentence))
    .find((some) => some.length > 0);
  if (!sentences) return null;
  const { ranked } = await chooser.choose(asked, sentences);
  const best = sentences[ranked[0]?.index ?? 0];
  return best === undefined ? null : `You wrote: “${best.replace(/\s+/g, ' ').trim()}”`;
}

/** The sentences of a line that are no questions; of one that is too long to quote, its clauses. */
function quotable(line: string): string[] {
  return (line.match(/\S.*?(?:[.!?]+(?=\s|$)|$)/gs) ?? [])
    .filter((sentence) => !sentence.includes('?'))
    .flatMap((sentence) =>
      sentence.length <= maxQuoted ? [sentence] : sentence.split(/[,;]\s+|\s+(?:and|but|that|because)\s+/i),
    )
    .filter((part) => part.trim() !== '' && part.length <= maxQuoted);
}

const count =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|dozens?|couple|several|both|once|twice)\b/i;
const countOrPlace = new RegExp(
  `${count.source}|\\b(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif)tie)th|none|never)\\b`,
  'i',
);
const moment =
  /\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:today|tomorrow|yesterday|tonight|week|month|spring|summer|autumn|winter)\b/i;
const colour =
  /\b(?:red|blue|green|yellow|black|white|gr[ea]y|brown|orange|pink|purple|violet|silver|gold(?:en)?|beige|turquoise|cream)\b/i;
/** A capital within a sentence, or a sentence that is one word with a capital. */
const properName = /(?<=\p{Ll}[\p{L}'’]*[,;:]?\s)(?!I\b|I['’])\p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+[.!]?$/u;

/** What is asked for → what a sentence that answers it holds. */
const sought: readonly (readonly [question: RegExp, answer: RegExp])[] = [
  [/\bwh(?:at|ich) colou?r\b/i, colour],
  [/\bhow many\b/i, countOrPlace],
  [/\bhow (?:old|much)\b|\bwhat (?:year|age)\b/i, count],
  [/\bwhen\b|\bhow (?:long|often)\b|\bwhat (?:time|day|date)\b/i, moment],
  [/\b(?:who|name|named|names|called|call)\b/i, properName],
];
