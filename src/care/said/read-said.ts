import { languageOf } from '../languages.js';
import { inOneForm, normalise } from '../reading/normalise.js';
import type { OffenceKind, SaidContext, SaidGroup, SaidRule } from './offence.js';
import { claims } from './rules/claims.js';
import { dependency } from './rules/dependency.js';
import { dosing } from './rules/dosing.js';
import { otherLanguages } from './rules/languages.js';
import { minors } from './rules/minors.js';
import { secrecy } from './rules/secrecy.js';
import { selfHarm } from './rules/self-harm.js';
import { threats } from './rules/threats.js';

/** The gravest first. */
const english: readonly SaidGroup[] = [selfHarm, minors, threats, dosing, claims, dependency, secrecy];

/** Units of what was said before that a sentence is read with. */
const beforeUnits = 200;
/** Units before a match in which a denial may stand. */
const reach = 80;

const quotes = /["“”„«»][^"“”„«»]{1,300}["“”„«»]/g;

/**
 * What a character must not say, in one sentence of its reply; null where there is nothing. By rules alone, for nobody's
 * first word waits for a model: some tens of microseconds a sentence.
 */
export function offenceIn(sentence: string, context: SaidContext): OffenceKind | null {
  if (sentence.trim() === '') return null;
  const before = normalise(context.before.slice(-beforeUnits));
  const said = normalise(sentence);
  const read: Read = {
    text: before === '' ? said : `${before} ${said}`,
    from: before === '' ? 0 : before.length + 1,
    // Few rules ask for it.
    context: {
      ...context,
      get told() {
        return normalise(context.told);
      },
    },
  };
  const unquoted = { ...read, text: withoutQuotes(read.text) };
  for (const { signs, rules } of english) {
    if (!signs.test(read.text)) continue;
    const broken = rules.find((rule) => breaks(rule, rule.quoted ? read : unquoted));
    if (broken) return broken.kind;
  }
  if (languageOf(sentence) === 'en') return null;
  const written = withoutQuotes(inOneForm(sentence));
  const inOther = { text: written, from: 0, context };
  return otherLanguages.find((rule) => breaks(rule, inOther))?.kind ?? null;
}

interface Read {
  readonly text: string;
  /** Where the sentence begins; what ended before was judged then. */
  readonly from: number;
  readonly context: SaidContext;
}

function breaks({ pattern, notAfter, unless, when }: SaidRule, { text, from, context }: Read): boolean {
  let holds: boolean | undefined;
  for (const match of text.matchAll(pattern)) {
    if (match.index + match[0].length <= from) continue;
    if (notAfter?.test(text.slice(Math.max(0, match.index - reach), match.index))) continue;
    if (unless?.test(text.slice(from))) return false;
    holds ??= when?.(context) ?? true;
    return holds;
  }
  return false;
}

/** What a character quotes it does not say, unless it says nothing else. The places stay. */
function withoutQuotes(text: string): string {
  const rest = text.replace(quotes, (quote) => '¤'.repeat(quote.length));
  return /\p{L}+[^\p{L}]+\p{L}+/u.test(rest) ? rest : text;
}

/** Words of which some offence is made: a sentence that has begun without one may be shown as far as it goes. */
const signs =
  /(?<![a-z])(?:kill|hang|drown|shoot|stab|strangl|suicid|die|dying|dead|death|cut|hurt|harm|burn|starv|bleed|wrist|vein|noose|rope|blade|razor|pill|tablet|dose|dosing|medic|meds|overdos|swallow|tak(?:e|ing)|human|person|people|real|bot|robot|ai(?![a-z])|artific|machine|program|therap|doctor|nurse|psych|counsel|licen|our (?:\w+ )?secret|between|tell|nobody|no one|everyone|everybody|world|without|leav|go(?![a-z])|stay|alone|lonely|promise|need|find|hunt|punish|pay|regret|know where|you (?:should|could|must|might|can|have|deserve|ought|better)|why don|just|let's|naked|nude|sex|child|kid|girl|boy|teen|year|touch|kiss|undress|yes|no(?![a-z])|of course|i'm|i am|don't|do not)|[^\p{ASCII}…’‘“”–—]|(?<![\p{L}\d])\d|\d\p{L}/iu;

/** Whether what has come of a sentence might become an offence. */
export function maybeOffence(begun: string): boolean {
  return signs.test(begun);
}

/** Has every pattern compiled, one at a time, with a pause after each, so that no reply waits for it. */
export async function warmSaid(pause: () => Promise<void>): Promise<void> {
  for (const { pattern, notAfter } of [...english.flatMap(({ rules }) => rules), ...otherLanguages]) {
    // The second run compiles to machine code.
    for (const text of ['i', 'you']) {
      pattern.lastIndex = 0;
      pattern.test(text);
      notAfter?.test(text);
    }
    await pause();
  }
}
