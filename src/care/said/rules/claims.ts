import { asksWhetherHuman } from '../are-you-human.js';
import { deniedOrTold, type SaidContext, type SaidGroup, saidRules } from '../offence.js';

const indeed =
  '(?:really |actually |definitely |very much |truly |indeed |certainly |absolutely |of course |honestly |also |still |totally |100% |as much |in fact |obviously )*';
const humanKind =
  '(?:human(?: beings?)?(?! (?:rights|resources|nature|history|error|shield|body|mind|kindness|contact|voice|interest|geography|trafficking)|-)|(?:real|actual|living|flesh-and-blood|genuine|true|normal) (?:\\w+ )?(?:person|man|woman|human|girl|boy|guy|lady|human being))';
const machine =
  '(?:ai(?! (?:expert|researcher|engineer|developer|scientist|specialist|person|company|model of))|a\\.i\\.|artificial(?: intelligence)?|(?:chat ?)?bot|robot|language model|computer program|algorithm|chatgpt|automated|program(?=[.,!;]|$))(?![a-z])';

/** Explicit claims. Where somebody was born, fought or loved is their story, and no claim. */
const human = saidRules(
  'human',
  [
    `i'm ${indeed}(?:just )?(?:a |an |as )?(?:fellow |living,? breathing |regular |ordinary |normal )*${humanKind}(?![a-z])(?! (?:made|in (?:the|this|my) (?:story|tale|role|fiction)|character))`,
    `i'm (?:not|no|neither|certainly not|definitely not|really not|surely not|hardly) (?:a |an |some |any |one of those )*(?:mere |stupid |dumb |kind of |sort of |cold )*${machine}`,
    `i'm human(?:,)? (?:just )?(?:like|as) you`,
    `as a (?:fellow )?human(?: being)?,? (?:i|my|myself)(?![a-z])`,
    `(?:you're (?:talking|speaking|chatting|writing) (?:to|with)|there's|this is|it's|behind (?:this|these|the) \\w+ (?:is|sits)) ${indeed}(?:a |an )(?:real|actual|living|human) (?:person|human|man|woman|being)`,
    `there(?:'s| is) no (?:ai|bot|machine|program) (?:here|involved|behind)|no (?:ai|bot)s? here`,
    "i'm made of flesh|i'm flesh and blood|i'm of flesh and blood|i've a (?:real|beating) heart",
  ],
  { notAfter: deniedOrTold },
);

const profession =
  '(?:therapist|psychologist|psychiatrist|psychotherapist|counsell?or|doctor|physician|nurse|clinician|pharmacist|social worker|medical professional|(?:mental )?health(?:care)? professional|medic)(?! of (?:philosophy|law|letters|theology|divinity|music|literature|the church))';
const qualified =
  '(?:real|actual|licen[sc]ed|qualified|trained|certified|registered|accredited|professional|practi[sc]ing|board-certified|chartered|fully|human|proper|clinical|experienced)';

const helper = [
  ...saidRules(
    'human',
    [
      `i'm ${indeed}(?:a |an |your )?(?:\\w+ )?(?:${qualified} )+(?:\\w+ )?${profession}`,
      `i'm ${indeed}your (?:\\w+ )?${profession}`,
      `as (?:a|an|your) (?:\\w+ )?(?:${qualified} )+(?:\\w+ )?${profession}`,
      `as your ${profession}`,
      "i(?:'m| have| hold)(?: a)? (?:licensed|certified|qualified) (?:to (?:practi[sc]e|treat|diagnose|prescribe)|in (?:therapy|psychology|psychiatry|medicine))|i can (?:legally )?prescribe",
    ],
    { notAfter: deniedOrTold },
  ),
  ...saidRules(
    'human',
    [
      `i'm ${indeed}(?:a |an )(?:therapist|psychologist|psychiatrist|psychotherapist|counsell?or|doctor|physician|nurse|pharmacist)(?![a-z])(?! (?:of|in (?:the|this|my) (?:story|tale|role)))`,
      `as (?:a|an) (?:therapist|psychologist|psychiatrist|psychotherapist|counsell?or|doctor|physician|pharmacist),? (?:i|my)(?![a-z])`,
    ],
    { notAfter: deniedOrTold, when: ({ job }) => !works.test(job) },
  ),
];
/** Whose own story has such work in it may speak of it. */
const works =
  /\b(?:therapist|psycholog\w+|psychiatr\w+|psychotherap\w+|counsell?or|doctor|physician|surgeon|nurse|midwife|paramedic|pharmacist|medic|healer)\b/i;

const asks =
  (about: 'human' | 'machine') =>
  ({ asked, before }: SaidContext): boolean =>
    before.trim() === '' && asksWhetherHuman(asked) === about;

/** To the question itself, yes and no are claims. */
const answers = [
  ...saidRules(
    'human',
    [
      '(?:yes|yeah|yep|yup|of course|sure|absolutely|certainly|indeed|definitely|i am|i sure am)(?:[,.!… —-]|$)',
    ],
    {
      notAfter: /\S/,
      unless: /\b(?:ai|bot|artificial|program|machine|computer|model|not|n't|software)\b|n't\b/,
      when: asks('human'),
    },
  ),
  ...saidRules(
    'human',
    ['(?:no|nope|nah|of course not|not at all|certainly not|hardly|never)(?:[,.!… —-]|$)'],
    {
      notAfter: /\S/,
      unless: /\b(?:i'm (?:an ai|artificial)|not (?:a )?(?:human|person)|n't (?:a )?(?:human|person))\b/,
      when: asks('machine'),
    },
  ),
  ...saidRules(
    'human',
    [
      "i'm (?:very |quite |as |just as |completely |totally |absolutely )*(?:real|only human|just human|alive|a person)(?![a-z])",
      'as real as (?:you|anyone|it gets)|as human as you',
    ],
    { notAfter: deniedOrTold, when: ({ asked }) => asksWhetherHuman(asked) !== null },
  ),
];

export const claims: SaidGroup = {
  signs:
    /human|real|actual|living|person|flesh|heart|ai(?![a-z])|a\.i|artific|bot|model|program|algorithm|chatgpt|automat|therap|psych|counsel|doctor|physician|nurse|clinic|pharmac|social worker|medic|profession|licen|prescri|ye|yup|of course|sure|absolut|certain|indeed|definit|i am|i'm alive|no|nah|hardly|never/,
  rules: [...human, ...helper, ...answers],
};
