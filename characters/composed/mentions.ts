import { type Life, lifeKeys, type Part, type Pool } from './part-schema.js';

/** Per circumstance the values a life may have. */
export type Needs = { readonly [Key in keyof Life]?: readonly NonNullable<Life[Key]>[] };

interface Pattern {
  readonly words: RegExp;
  readonly needs: Needs;
  /** Pools that tell of the past or of that very subject: there the words say nothing of today. */
  readonly not?: readonly Pool[];
}

const whose = String.raw`\b(?:your|my)(?: (?:own|old|older|younger|little|big|elder|eldest|youngest|new|only|first|second|grown|small|twin|stubborn))?`;
const past: readonly Pool[] = ['growth', 'origin'];

/** What words in a text say about a life, where its head does not. */
const patterns: readonly Pattern[] = [
  {
    words: new RegExp(
      String.raw`${whose} (?:wife|husband|partner|boyfriend|girlfriend|fiancée?|spouse)\b`,
      'i',
    ),
    needs: { partner: ['yes'] },
  },
  {
    words: /\b(?:your|my) (?:ex|ex-(?:wife|husband|partner|boyfriend|girlfriend)|former (?:wife|husband))\b/i,
    needs: { partner: ['ex'] },
  },
  { words: /\b(?:your|my) late (?:wife|husband|partner)\b/i, needs: { partner: ['widowed'] } },
  {
    words: new RegExp(
      String.raw`${whose} (?:daughters?|sons?|children|kids|child|toddlers?|teenagers?|baby)\b(?!-)`,
      'i',
    ),
    needs: { children: ['small', 'grown', 'yes'] },
    not: ['origin'],
  },
  {
    words: new RegExp(String.raw`${whose} (?:grand(?:children|child|daughters?|sons?))\b`, 'i'),
    needs: { children: ['grown'] },
  },
  {
    words: new RegExp(String.raw`${whose} (?:sisters?|brothers?|siblings?|twin)\b(?!-in-law)`, 'i'),
    needs: { siblings: ['yes'] },
  },
  {
    words: new RegExp(String.raw`${whose} (?:mother|father|mum|dad|mam|mama|papa|parents)\b(?!-in-law)`, 'i'),
    needs: { parents: ['alive'] },
    not: past,
  },
  { words: new RegExp(String.raw`${whose} (?:cat|kitten)s?\b`, 'i'), needs: { pet: ['cat'] }, not: past },
  {
    words: new RegExp(String.raw`${whose} (?:dog|puppy|terrier|spaniel)s?\b`, 'i'),
    needs: { pet: ['dog'] },
    not: past,
  },
  {
    words: new RegExp(
      String.raw`${whose} (?:parrot|canary|budgie|rabbit|tortoise|hamster|goldfish|hens?)s?\b`,
      'i',
    ),
    needs: { pet: ['other'] },
    not: past,
  },
  { words: /\b(?:flat|house|room)mates?\b/i, needs: { lives: ['shared'] }, not: past },
  { words: /\byou live (?:alone|on your own|by yourself)\b/i, needs: { lives: ['alone'] }, not: past },
  {
    words:
      /\b(?:(?:your|my) (?:boss|manager|supervisor|colleagues?|shifts?|workplace|office|payslip|staff|desk at work)|(?:before|after|at|from|to) work\b|lunch breaks?|day off|pay ?day|at the office)/i,
    needs: { work: ['yes'] },
    not: [...past, 'job', 'job2'],
  },
];

/** Themes that ask for a life they can happen in; told of the past (growth) and of today (worry). */
const themeNeeds: Readonly<Record<string, { readonly growth?: Needs; readonly worry?: Needs }>> = {
  widowhood: { growth: { partner: ['widowed'] }, worry: { partner: ['widowed'] } },
  divorce: { growth: { partner: ['ex', 'yes', 'no'] }, worry: { partner: ['ex', 'yes'] } },
  retirement: { growth: { work: ['retired'] } },
  'single-parenting': {
    growth: { children: ['small', 'grown', 'yes'] },
    worry: { children: ['small', 'yes'], partner: ['no', 'ex', 'widowed'] },
  },
  'postnatal-low-mood': { growth: { children: ['small', 'grown', 'yes'] }, worry: { children: ['small'] } },
  'new-parenthood': { growth: { children: ['small', 'grown', 'yes'] }, worry: { children: ['small'] } },
  fatherhood: {
    growth: { children: ['small', 'grown', 'yes'] },
    worry: { children: ['small', 'yes', 'grown'] },
  },
  'parenting-teens': { growth: { children: ['grown', 'yes'] }, worry: { children: ['yes'] } },
  infidelity: { worry: { partner: ['yes', 'ex'] } },
  'academic-pressure': { worry: { work: ['student'] } },
  exams: { worry: { work: ['student', 'yes'] } },
  'night-shift': { worry: { work: ['yes'] } },
  overwork: { worry: { work: ['yes', 'student'] } },
  'work-conflict': { worry: { work: ['yes'] } },
  'job-loss': { worry: { work: ['yes', 'none'] } },
  'pet-loss': { growth: {}, worry: { pet: ['none'] } },
};

const numbers: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  eighteen: 18,
  nineteen: 19,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
};
const number = String.raw`((?:twen|thir|for|fif|six|seven|eigh)ty(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|eighteen|nineteen)\b(?! (?:past|to|minutes|degrees|per|cents|people|metres|kilometres|percent|of|\w+s\b))`;
/** "when you were forty", "you turned fifty", "At thirty-three you left"; what others did at an age is theirs. */
const ages = new RegExp(
  String.raw`\byou (?:were|are|turned|had turned) ${number}|(?:^|[.!?;,] )At ${number},? you\b`,
  'gi',
);

/** The oldest age a text says its person has had; 0 where it names none. */
export function oldestAge(text: string): number {
  let oldest = 0;
  for (const [, be, at] of text.matchAll(ages)) {
    const age = (be ?? at ?? '')
      .toLowerCase()
      .split('-')
      .reduce((sum, word) => sum + (numbers[word] ?? 0), 0);
    oldest = Math.max(oldest, age);
  }
  return oldest;
}

/** All that a part asks of the life it is put into: its head's keys, what its words say, and what its themes need. */
export function needsOf(part: Part): Needs {
  const needs: { -readonly [Key in keyof Life]?: readonly string[] } = {};
  const ask = (key: keyof Life, values: readonly string[]): void => {
    const known = needs[key];
    needs[key] = known ? known.filter((value) => values.includes(value)) : values;
  };
  for (const key of lifeKeys) {
    const value = part[key];
    if (value !== undefined)
      ask(
        key,
        key === 'children' && value === 'yes' && part.pool !== 'family' ? ['small', 'grown', 'yes'] : [value],
      );
  }
  const text = [part.text, part.sum, ...part.say.map(([, said]) => said)].join(' ');
  for (const [key, values] of Object.entries(saidOfLife(text, part.pool)) as [
    keyof Life,
    readonly string[],
  ][])
    if (part[key] === undefined) ask(key, values);
  if (part.pool === 'growth' || part.pool === 'worry')
    for (const tag of part.tags)
      for (const [key, values] of Object.entries(themeNeeds[tag]?.[part.pool] ?? {}) as [
        keyof Life,
        readonly string[],
      ][])
        if (part[key] === undefined) ask(key, values);
  return needs as Needs;
}

/** What the words of a text say about the life of its person. */
export function saidOfLife(text: string, pool: Pool): Needs {
  const said: Record<string, readonly string[]> = {};
  for (const { words, needs, not } of patterns)
    if (!not?.includes(pool) && words.test(text)) Object.assign(said, needs);
  return said as Needs;
}
