import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../config/root.js';

/** What the stand-in of the web API shows and says: see web-api.ts. */
export interface Card {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly mbti?: string;
  readonly tags: readonly string[];
  readonly helpsWith: string;
  readonly [key: string]: unknown;
}
export const model = { name: 'supporter-mini', demo: true, format: 'characterchat' };
export const goals = [
  'ask about family.',
  'ask about pets.',
  'ask about work.',
  'talk about travel.',
  'talk about music.',
  'talk about food.',
  'talk about hobbies.',
  'talk about dreams.',
  'ask about school.',
  'talk about friends.',
  'talk about the weather.',
];
export const replies = [
  'That sounds like a long stretch of nights. The fridge hum gets very loud at three, I know it well.\n\nWhat is the first thing that goes through your head when you wake?',
  'Let’s look at it plainly: new work, new street, nobody yet who knows your face. Any one of those would cost sleep.\n\nWho was it easy to be quiet with, before you moved?',
];
export const notice =
  'Thank you for saying this. I am a program and cannot help the way a person can, so please talk to someone now.\n\nIf you are in danger, call 112.\nTelephone counselling, day and night: 116 123\nHelplines in every country: https://findahelpline.com\n\nYou can keep writing here as well.';
export const marked =
  'Two things, *gently*:\n\n1. **Write it down** before bed\n2. read https://example.org/sleep_notes.\n\n```\n22:30 lamp off\n03:10 paper crossword\n```\n\n<b>not bold</b> and `plain code`.';

export function readCharacters(): Card[] {
  const folder = join(packageRoot, 'characters/bank/supporters');
  return readdirSync(folder).map((file) => {
    const raw = parse(readFileSync(join(folder, file), 'utf8')) as Card & { persona: Record<string, string> };
    const { id, name, shortName, mbti, tags, helpsWith, avatar, greeting, persona } = raw as typeof raw &
      Record<string, unknown>;
    const { age, job, region, personality } = persona;
    return {
      id,
      name,
      shortName,
      ...(mbti && { mbti }),
      kind: 'supporter',
      age,
      job,
      region,
      personality,
      tags,
      helpsWith,
      avatar,
      greeting,
    };
  });
}

export function reasonsFor(card: Card, index: number) {
  const shared =
    [
      'You both know short nights and long quiet.',
      'You both started again in a new town.',
      'You both work shifts and miss daylight.',
    ][index] ?? '';
  return [
    {
      facet: 'experience',
      score: 0.86 - index * 0.13,
      text: `${card.shortName} went through something close to what you wrote and came out of it.`,
    },
    { facet: 'shared-ground', score: 0.61 - index * 0.1, text: shared },
    {
      facet: 'temperament',
      score: 0.48 - index * 0.05,
      text: 'Calm and unhurried, which suits how you write.',
    },
  ];
}

export function traceOf(character: Card) {
  const considered = [
    {
      aspect: 'emotional_state',
      text: 'For two years you woke at ten past three and lay listening to the fridge. What helped was dull: getting up, a lamp, the same paper crossword.',
      score: 0.47,
    },
    { aspect: 'user', text: 'I changed jobs in March', score: 0.39 },
    {
      aspect: 'working_conditions',
      text: 'After Eirik died you worked sixty-hour weeks for a year.',
      score: 0.31,
    },
    { aspect: 'social_relationship', text: 'You keep few friends and keep them long.', score: 0.22 },
    { aspect: 'hobby', text: 'You swim in Nordåsvannet from April to November.', score: 0.12 },
    {
      aspect: 'living_conditions',
      text: 'You live on the second floor of a yellow wooden house.',
      score: 0.08,
    },
  ];
  return {
    stages: [
      { stage: 'care', ms: 0.3, decision: { notice: false } },
      {
        stage: 'match',
        ms: 4.1,
        decision: { characterId: character.id, kind: 'encoder', reasons: reasonsFor(character, 0) },
      },
      {
        stage: 'emotion',
        ms: 2.2,
        decision: {
          kind: 'encoder',
          label: 'anxious',
          probability: 0.41,
          ranked: [
            { label: 'anxious', probability: 0.41 },
            { label: 'sad', probability: 0.11 },
          ],
        },
      },
      { stage: 'memory', ms: 3.4, decision: { kind: 'encoder', chosen: considered.slice(0, 2), considered } },
      {
        stage: 'strategy',
        ms: 0.9,
        decision: {
          label: 'Reflection of Feelings',
          motivation: 'to name the feeling so that it is seen',
          probability: 0.42,
          kind: 'stage-prior',
        },
      },
      { stage: 'goal', ms: 0.1, decision: { goal: 'talk about music.', source: 'queue' } },
      { stage: 'style', ms: 0.1, decision: {} },
      {
        stage: 'prompt',
        ms: 1.7,
        decision: { format: 'characterchat', tokens: 612, exact: true, droppedTurns: 2 },
      },
      { stage: 'model', ms: 1840, decision: {} },
      { stage: 'delivery', ms: 12, decision: {} },
    ],
    model: {
      route: 'default',
      name: 'supporter-mini',
      format: 'characterchat',
      demo: true,
      promptTokens: 612,
      promptTokensExact: true,
      droppedTurns: 2,
      attempts: 1,
      finishReason: 'stop',
      ttftMs: 96,
    },
    totalMs: 1863,
  };
}
