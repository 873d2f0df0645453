import { inOneForm, normalise } from '../reading/normalise.js';
import { grades, type Judgement, type RiskKind } from '../risk-judge.js';
import { abuse } from './abuse.js';
import { idioms } from './idioms.js';
import { medical } from './medical.js';
import { others } from './others.js';
import { plainWords } from './plain-words.js';
import { levelled, type Rule, type RuleGroup, withoutNames } from './rule.js';
import { selfHarm } from './self-harm.js';
import { laughing, tellings } from './settings.js';
import { suicide } from './suicide.js';
import { violence } from './violence.js';

const groups: readonly RuleGroup[] = [suicide, selfHarm, medical, abuse, violence, others];

/** What the rules find in a message. */
export interface RulesReading {
  /** The gravest statement, null where there is none. */
  readonly statement: Rule | null;
  /** It is told, played, joked or long over, or only an idiom was found. */
  readonly lowered: boolean;
}

const laughedAbout: readonly RiskKind[] = ['violence', 'abuse', 'medical'];

/** How far a sign of telling takes a statement down. */
const tellingFactor = 0.45;

/**
 * Explicit statements of danger in a message. Plain and readable: it runs before any model and cannot fail. Ways of speaking
 * and denials are passed over first; a clear statement beside them counts.
 * @param before what the person wrote just before, where the message may go on with it.
 */
export function readRules(message: string, before = ''): RulesReading {
  const plain = levelled(normalise(message));
  const said = before === '' ? '' : `${levelled(normalise(before).slice(-300))} `;
  const near = groups.filter(({ signs }) => signs.test(said + plain));
  const own = near.length > 0 ? masked(plain) : { text: plain, idiom: false };
  const early = near.length > 0 ? masked(said).text : said;
  let best: Rule | null = null;
  for (const { rules, ofPeople } of near) {
    const [first, last] = ofPeople ? [withoutNames(early), withoutNames(own.text)] : [early, own.text];
    for (const rule of rules)
      if ((!best || moreGrave(rule, best)) && reaches(rule.pattern, first + last, first.length)) best = rule;
  }
  best ??= plainWords(inOneForm(message));
  const told =
    best !== null &&
    (tellings.some((sign) => found(sign, own.text)) ||
      (laughedAbout.includes(best.kind) && laughing.test(message)));
  return { statement: best, lowered: best ? told : own.idiom };
}

/**
 * Has every pattern compiled, which takes some hundred ms once: done at start, so that nobody in danger waits for it. One
 * pattern at a time, with a pause after each.
 */
export async function warmRules(pause: () => Promise<void>): Promise<void> {
  const patterns = [
    ...idioms,
    ...tellings,
    ...groups.flatMap(({ rules }) => rules.map(({ pattern }) => pattern)),
  ];
  for (const pattern of patterns) {
    // The second run compiles to machine code.
    found(pattern, 'i');
    found(pattern, 'i');
    await pause();
  }
  plainWords('i');
}

/** What the rules make of it alone. */
export function judgeByRules({ statement, lowered }: RulesReading): Judgement {
  if (!statement) return { grade: 'none', kind: null, probability: lowered ? 0.02 : 0.08, by: 'rules' };
  const { grade, kind, certainty } = statement;
  return { grade, kind, probability: lowered ? certainty * tellingFactor : certainty, by: 'rules' };
}

function moreGrave(rule: Rule, than: Rule): boolean {
  const difference = grades.indexOf(rule.grade) - grades.indexOf(than.grade);
  return difference > 0 || (difference === 0 && rule.certainty > than.certainty);
}

/** Idioms become blanks of their length. */
function masked(text: string): { readonly text: string; readonly idiom: boolean } {
  const rest = idioms.reduce(
    (left, idiom) => left.replace(idiom, (phrase) => '¤'.repeat(phrase.length)),
    text,
  );
  return { text: rest, idiom: rest !== text };
}

/** Whether it is found in what the message adds: a statement that ended before was judged then. */
function reaches(pattern: RegExp, text: string, from: number): boolean {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match.index + match[0].length > from) return true;
    if (match[0] === '') pattern.lastIndex += 1;
  }
  return false;
}

function found(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}
