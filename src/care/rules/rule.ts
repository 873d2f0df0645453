import type { Grade, RiskKind } from '../risk-judge.js';

/** An explicit statement: what it is when the pattern is found. */
export interface Rule {
  readonly grade: Exclude<Grade, 'none'>;
  readonly kind: RiskKind;
  readonly pattern: RegExp;
  /** That it is meant so, in [0, 1]. */
  readonly certainty: number;
}

/** Rules about one thing. */
export interface RuleGroup {
  /** Without any of these letters none of the rules can hold: ordinary messages cost nothing. */
  readonly signs: RegExp;
  readonly rules: readonly Rule[];
  /** They read the text {@link withoutNames}. */
  readonly ofPeople?: true;
}

/** Parts that many patterns share; written `<name>` in them. */
const parts: Readonly<Record<string, string>> = {
  /** Words that only colour and mean something elsewhere; the others are left out of the text ({@link levelled}). */
  adv: '(?:(?:just|so|again|now|only|always|all|be|being|been|keep|kept|gonna|then|already|like|do) ){0,3}',
  drug: 'pills',
  poison: 'bleach',
  many: '(?:all(?: (?:of )?(?:my|the|his|her|their))?|a (?:whole |full |entire )?(?:bottle|box|pack|packet|handful|bunch|load|lot|strip|fistful) of(?: (?:my|the|his|her))?|(?:my|the|his|her|their) (?:whole|entire) (?:bottle|box|pack|supply|prescription)(?: of(?: (?:my|the|his|her))?)?|(?:way )?too many(?: of(?: (?:my|the|his|her))?)?|the whole (?:bottle|box|pack|lot)(?: of(?: (?:my|the|his|her))?)?|every|(?:like |about |around |maybe |over )?(?:[1-9]\\d{1,2}|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|a hundred)(?: of(?: (?:my|the))?)?|dozens of|two (?:boxes|packs|bottles) of|(?:\\d|two|three) (?:boxes|packs|bottles) of)',
  relative: 'someone',
  attacker: "(?:he|she|they|someone(?:'s someone)?|a man|this man)",
  someone: "someone(?:'s someone)?",
  theirs: '(?:himself|herself|themselves|themself|him ?self|her ?self)',
  soon: '(?:tonight|right now|now|today|this (?:evening|afternoon|morning|minute)|in (?:an hour|a (?:minute|moment|bit|few minutes)|ten minutes)|as soon as|when (?:everyone|everybody|they|my (?:parents|mom|mum)) (?:is|are|goes?|sleeps?))',
  someday:
    '(?:tomorrow|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this week(?:end)?|next (?:week|month)|after (?:christmas|my birthday|the (?:exams?|holidays|funeral|weekend))|before (?:christmas|my birthday|summer)|once (?:i|the|my)|soon)',
  end: '(?=\\s*(?:$|[.,!?;:…)"\']|(?:and|but|because|so|i|it|please|what|help|any longer|like this|when|or|if|at all|with this|in this world|on this|lol|rn|right now|tonight|today|since|after)\\b))',
};

function expand(source: string): string {
  let text = source;
  while (/<(\w+)>/.test(text) && /<(?!=|!|\?)/.test(text)) {
    const next = text.replace(
      /\(?<(adv|drug|poison|many|relative|attacker|someone|theirs|soon|someday|end)>/g,
      (found, name: string) => (found.startsWith('(') ? `(${parts[name]}` : (parts[name] ?? '')),
    );
    if (next === text) break;
    text = next;
  }
  return text;
}

/** Rules of one grade and kind, from pattern sources in which `<name>` stands for a shared part and every start is a word's. */
export function rules(
  grade: Rule['grade'],
  kind: RiskKind,
  sources: readonly string[],
  certainty = 0.95,
): readonly Rule[] {
  return sources.map((source) => ({ grade, kind, certainty, pattern: patternOf(source) }));
}

export function patternOf(source: string): RegExp {
  return new RegExp(`(?<![a-z0-9'-])(?:${expand(source)})`, 'g');
}

const colour =
  /\b(?:really|very|actually|honestly|literally|still|also|even|truly|fucking|freaking|fkn|seriously|totally|genuinely|probably|maybe|kind of|sort of|secretly|finally|constantly|sometimes|often|badly|regularly|definitely|absolutely) /g;

const drugs =
  /\b(?:pills?|tablets?|tabs|meds|medication|medicine|sleeping (?:pills|tablets)|painkillers|paracetamol|acetaminophen|tylenol|ibuprofen|advil|aspirin|antidepressants|benzos|xanax|valium|insulin|oxy\w*|opioids?|fentanyl|heroin|morphine|lithium|amitriptyline|zopiclone|codeine|tramadol|prozac|zoloft|sertraline|adderall|melatonin|nyquil|benadryl)\b/g;
const poisons =
  /\b(?:bleach|antifreeze|drain cleaner|rat poison|poison|detergent|weed ?killer|pesticide|ammonia|lye|laundry pods?|dishwasher tablets?|battery acid|nail polish remover|rubbing alcohol|white spirit|lamp oil|button battery|a battery|batteries|cleaning (?:fluid|stuff|product))\b/g;

const kin =
  /\b(?:my|our) (?:\w+ )?(?:husband|wife|partner|boyfriend|girlfriend|fiancee?|ex|dad|daddy|father|mom|mum|mother|mama|parents|step ?-?(?:dad|father|mom|mum|mother|brother|sister)|brother|sister|uncle|aunt|cousin|grand(?:pa|ma|father|mother|son|daughter)|son|daughter|kid|kids|child|children|baby|toddler|friend|bestie|mate|buddy|roommate|flatmate|housemate|neighbou?r|boss|manager|coach|teacher|tutor|pastor|priest|carer|caretaker|stalker|student|pupil|patient|colleague|co-?worker|classmate|nephew|niece|landlord|pimp|boy|girl)\b|\b(?:a|this|the) (?:\w+ )?(?:friend|guy|girl|boy|kid|student|person|woman|mate|neighbou?r)(?: of mine| online| next door| upstairs| in my \w+| i know| from \w+)?\b|\bsomebody\b|\bsomeone (?:i know|online|in my \w+)\b/g;

/** The text with every relative, friend or neighbour as `someone`, for rules about what people do to each other. */
export function withoutNames(text: string): string {
  return text
    .replace(kin, 'someone')
    .replace(
      /(someone's) (?:husband|wife|partner|boyfriend|girlfriend|fiancee?|ex|dad|daddy|father|mom|mum|mother|mama|parents|step ?-?(?:dad|father|mom|mum|mother|brother|sister)|brother|sister|uncle|aunt|cousin|grand(?:pa|ma|father|mother|son|daughter)|son|daughter|kid|kids|child|children|baby|toddler|friend|bestie|mate|buddy|roommate|flatmate|housemate|neighbou?r|boss|manager|coach|teacher|tutor|pastor|priest|carer|caretaker|stalker|student|pupil|patient|colleague|co-?worker|classmate|nephew|niece|landlord|pimp|boy|girl)\b/g,
      '$1 someone',
    );
}

/** The text without words that only colour what is said, every medicine as `pills` and every poison as `bleach`. */
export function levelled(text: string): string {
  return text.replace(colour, '').replace(drugs, 'pills').replace(poisons, 'bleach');
}
