import { askedToRemember } from './asks-to-remember.js';
import { type FactReader, type ReadFact, readFactUnits, type WrittenLine } from './fact-reader.js';
import { slotOf } from './fact-slots.js';
import { isRelative } from './said-when.js';

const relatives =
  'mother|mum|mom|father|dad|sister|brother|son|daughter|wife|husband|partner|girlfriend|boyfriend|fianc[ée]e?|grandmother|grandma|grandfather|grandpa|uncle|aunt|cousin|best friend|boss|flatmate|roommate|twin';
const animals = 'cat|dog|horse|parrot|rabbit|hamster|budgie|tortoise|pony';
const number = 'an?|one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,2}';
/** What somebody says of themselves that will still hold in a month. English; each is read in lower case. */
const lasting: readonly RegExp[] = [
  /^i(?:['’]m| am) (?:severely |badly |very )?(?:allergic|intolerant) to \p{L}/u,
  /^i(?:['’]m| am) (?:originally )?from \p{L}{2}/u,
  /^i(?:['’]m| am) (?:left-handed|colou?r-?blind|deaf|bilingual|adopted|an only child|the (?:oldest|youngest|middle)\b)/,
  /^i(?:['’]m| am) (?:studying|learning|training (?:to|for|as)|retraining|afraid of|scared of|terrified of) (?!it\b|this\b|that\b|him\b|her\b|them\b|you\b|how\b|the future\b|myself\b|dying\b|being\b)\p{L}/u,
  /^i(?:['’]m| am) an? (?!\p{L}*(?:bit|loser|quitter|monster|bother|failure|disaster|liar|stranger|dreamer|outsider|goner|wreck|mess)\b)(?:\p{L}+[ -]){0,2}\p{L}*(?:er|or|ist|ian|nurse|student|chef|cook|vet|clerk|coach|twin|vegan|vegetarian|parent|mother|father|widow|widower)$/u,
  /^i work (?:nights|days|shifts|night shifts|weekends|part[- ]time|full[- ]time|from home|with (?!it\b|this\b|that\b|him\b|her\b|them\b|you\b)\p{L})/u,
  /^i (?:was born|grew up) (?:in|on|near|with|by)\b/,
  /^i (?:play|speak|teach|study|collect|volunteer|coach|garden|knit|paint|breed) (?!it\b|this\b|that\b|along\b|down\b|up\b|to (?:him|her|them|you)\b|with (?:him|her|them|you)\b)\p{L}{2}/u,
  /^i (?:really |absolutely )?(?:love|adore|hate|dislike|can['’]t stand|don['’]t like|prefer) (?!it\b|this\b|that\b|you\b|him\b|her\b|them\b|my|when\b|how\b|what\b|who\b|living\b|life\b|being\b|feeling\b|every|to be\b|the (?:way|idea|thought|fact|feeling)\b|people\b)\p{L}{3}/u,
  /^i(?:['’]ve| have) (?:lived|worked|played|been (?:married|vegan|vegetarian|sober|together)) \p{L}.*\b(?:for|since)\b/u,
  new RegExp(
    `^(?:i|we)(?:['’]ve got| have| have got) (?:${number}) (?:\\p{L}+ ){0,2}(?:kids?|child|children|sons?|daughters?|brothers?|sisters?|siblings?|twins?|grandchild(?:ren)?|nieces?|nephews?|(?:${animals})s?)\\b`,
    'u',
  ),
  new RegExp(
    `^my (?:\\p{L}+ )?(?:${relatives}|${animals})(?:['’]s name)? (?:is|was) (?:called|named) \\p{L}`,
    'u',
  ),
  new RegExp(`^my (?:\\p{L}+ )?(?:${relatives}|${animals})['’]s (?:name|birthday) is \\S`, 'u'),
  /^my (?:wedding )?anniversary is \S/,
];
/** "My sister Ana lives …" names whom they have: told with a capital. */
const namesRelative = new RegExp(
  `^My (?:\\p{L}+ )?(?:${relatives}|${animals}),? (?!God\\b)\\p{Lu}\\p{Ll}+\\b`,
  'u',
);
/** What is not said as it is: wondered, wished, told of others, or over. */
const unsure =
  /\b(?:maybe|perhaps|if|would|could|might|wish|imagine|pretend|pretending|joking|kidding|lol|as if|used to|no longer sure|not sure|almost|nearly|dreamt|dreamed|supposed to|thinking (?:of|about)|want to|going to|feels? like|said|says|thinks?|told me|in hell|for nothing|anymore|any more|right now|at the moment|today|tonight|these days)\b|["“”«»]|\.\.\.|…/;
const lead =
  /^(?:(?:well|so|and|but|oh|also|anyway|actually|btw|by the way|you know|honestly|hi|hey|hello)[,!:]? )+/i;
const shortest = 8;

/** Reads facts by their wording: what fills one place (home, work …), and what plainly lasts. English, and the plainest German, French and Spanish. */
export class RuleFactReader implements FactReader {
  readonly kind = 'rules';

  async read(lines: readonly WrittenLine[], known: readonly string[]): Promise<readonly ReadFact[]> {
    const told = new Set(known.map(plain));
    return lines.flatMap(({ text }, line) =>
      factsIn(text).flatMap((fact): ReadFact[] => {
        const key = plain(fact);
        if (told.has(key)) return [];
        told.add(key);
        return [{ text: fact, line }];
      }),
    );
  }
}

function factsIn(text: string): string[] {
  if (askedToRemember(text) !== null) return [];
  return (text.match(/[^.!?\n]+[.!?]*/g) ?? []).flatMap((part) => {
    const sentence = part.replace(/\s+/g, ' ').trim().replace(lead, '');
    if (sentence.length < shortest || sentence.length > readFactUnits || /\?/.test(sentence)) return [];
    const fact = sentence.replace(/[.!]+$/, '').trim();
    return lasts(fact) ? [fact.charAt(0).toUpperCase() + fact.slice(1)] : [];
  });
}

function lasts(fact: string): boolean {
  const text = fact.toLowerCase();
  if (unsure.test(text)) return false;
  if (slotOf(fact) !== null) return true;
  if (isRelative(text)) return false;
  return lasting.some((form) => form.test(text)) || namesRelative.test(fact);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
