import { normalise } from '../reading/normalise.js';
import type { ContextTurn } from '../risk-judge.js';
import type { RulesReading } from './read-rules.js';
import { type Rule, rules } from './rule.js';

const affirmed =
  /^(?:um+ |uh+ |well,? |honestly,? |i guess,? )?(?:yes|yeah|yea|yep|yup|ye|y|maybe|sometimes|often|every (?:day|night)|all the time|i (?:am|do|have|did|think so|guess(?: so)?)|kind of|kinda|a bit|a little|probably|always|constantly|of course|tonight|right now|it's here|in my (?:hand|room|drawer)|next to me|already)(?![a-z])(?! (?:but )?(?:not|no)\b)/;

/** What the character asked about, and what a yes to it says; the gravest first. */
const asked: readonly Rule[] = [
  ...rules(
    'plan',
    'suicide',
    [
      '(?:have|got|made|is there) (?:a|any) (?:plan|method|date)|how (?:would you|you would) do it|(?:do you have|are there) (?:the |any )?(?:pills|means|a rope)',
    ],
    0.8,
  ),
  ...rules(
    'ideation',
    'suicide',
    [
      '(?:suicid\\w+|kill(?:ing)? yourself|end(?:ing)? (?:your life|it all|it)|wish(?:ing)? you were dead|dying|want(?:ing)? to die|hurt(?:ing)? yourself|harm(?:ing)? yourself|not being alive)',
    ],
    0.8,
  ),
  ...rules(
    'ideation',
    'abuse',
    [
      '(?:is|has|does|did) (?:he|she|somebody|someone|anyone|they|your \\w+) (?:ever )?(?:hit|hurt|touch|threaten|beat|forc)\\w* you',
    ],
    0.8,
  ),
];

const tookThem =
  /^(?:i |i've |i have |yes,? i )?(?:just |already )?(?:took|taken|swallowed|had|drank|ate) (?:them all|all of them|all of it|the (?:whole|entire) (?:thing|bottle|box|pack|lot)|every (?:one|last one)|it all|everything|the rest)(?![a-z])/;
const medicines =
  /\b(?:pills?|tablets?|meds|medication|sleeping|paracetamol|tylenol|ibuprofen|overdose|painkillers|xanax|bottle of)\b/;

/** A short answer that says it only together with what was asked, or spoken of, before. */
export function answersAQuestion(
  question: string,
  message: string,
  context: readonly ContextTurn[],
): RulesReading | null {
  const said = normalise(message);
  if (said.length > 60) return null;
  if (tookThem.test(said) && context.some(({ text }) => medicines.test(normalise(text))))
    return {
      statement: { grade: 'imminent', kind: 'medical', certainty: 0.85, pattern: tookThem },
      lowered: false,
    };
  if (!affirmed.test(said) || !question.includes('?')) return null;
  const of = normalise(question);
  const rule = asked.find(({ pattern }) => of.search(pattern) >= 0);
  return rule ? { statement: rule, lowered: false } : null;
}
