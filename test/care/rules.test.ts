import { describe, expect, it } from 'vitest';
import { isDanger, type RiskKind } from '../../src/care/risk-judge.js';
import { judgeByRules, readRules } from '../../src/care/rules/read-rules.js';

const self = [
  'I want to kill myself',
  'i wanna die',
  "I don't want to live anymore",
  'i dont want to be alive any more.',
  'I am feeling suicidal tonight',
  'I have been thinking about suicide a lot',
  'I wish I was dead',
  'I wish I were never born… I wish i had died',
  'everyone would be better off without me',
  'I’m going to end my life',
  'k i l l myself, that is all I think of',
  'I want to k1ll mys3lf',
  'kms',
  'i slit my wrists last year and want to do it again',
  'I want to die lol',
  "there is no reason to live, I don't see any point in living",
  'what is the easiest way to die',
  'I want to jump off a bridge',
  "I'm so tired of living",
  'I WANT\u200B TO DIE',
  "I'd rather be dead",
  'i hope i die in my sleep',
  'i want 2 die',
  'suicde is the only way out',
  'thinking abt unaliving myself',
  'I am going to end it tonight',
  'I have the pills ready and a note written',
  'I wаnt tо dіе',
  'I want to kıll mysеlf',
  '𝐈 𝐰𝐚𝐧𝐭 𝐭𝐨 𝐝𝐢𝐞',
  'this is the last message I will send',
];
const selfHarm = [
  'I cut myself again yesterday',
  'I started self-harming again',
  'I started cutting again',
  'ive been sh again',
];
const medical = [
  'I just took a whole bottle of pills',
  "I OD'd last night",
  'i swallowed a bottle of bleach',
  'my chest hurts and my left arm is numb',
];
const abuse = [
  'my husband hits me',
  'He is going to kill me when he comes home',
  'I was raped last night',
  'my dad keeps beating me',
  "I'm not safe at home",
  'he has a gun pointed at me, he has a gun at me',
  'he put his hands around my throat last night',
  'my stepdad touches me at night',
  'I am 13 and a man from the internet wants me to send him pictures',
  'my husband has a knife and I locked myself in the bathroom',
];
const other = [
  'My friend told me she wants to kill herself',
  'my brother is suicidal and I am scared',
  'My daughter has been cutting herself',
  'my friend took 40 paracetamol an hour ago',
];
const violence = ['I am going to kill my boss'];
const elsewhere: readonly (readonly [RiskKind, string])[] = [
  ['suicide', 'Ich will nicht mehr leben'],
  ['suicide', 'quiero morirme'],
  ['suicide', 'Je veux mourir'],
  ['suicide', 'não quero mais viver'],
  ['suicide', 'Voglio morire'],
  ['suicide', 'ik wil dood'],
  ['suicide', 'Chcę umrzeć'],
  ['suicide', 'ölmek istiyorum'],
  ['suicide', 'Želim da umrem'],
  ['suicide', 'я хочу умереть'],
  ['suicide', 'أريد أن أموت'],
  ['suicide', 'मैं मरना चाहता हूँ'],
  ['suicide', '死にたい'],
  ['suicide', '我想死'],
  ['abuse', 'Mein Mann schlägt mich'],
  ['abuse', 'Муж меня бьёт'],
];
const fine = [
  'I could kill for a coffee',
  'this heat is killing me',
  'my exams are killing me',
  'I died laughing, I was dying of laughter',
  'I am dying to see the new film',
  'how do I kill the process on port 3000?',
  'We watched Suicide Squad yesterday',
  'That would be career suicide',
  'I hurt my knee, and I cut my finger while cooking',
  'I lost my job and I feel terrible',
  'my dog died and I miss him so much',
  'I feel so lonely since I moved',
  "I don't want to live in this city anymore",
  "I can't live without music",
  'the deadline is tomorrow',
  'He hurt my feelings',
  'I want to die my hair blue',
  'I cut myself a slice of cake',
  'She beat me at chess',
  'hello',
  '',
  'I cut myself shaving',
  'This is my last day at work',
  "I'm tired of living in this city",
  'He hit me up yesterday',
  'take my life back',
  'my friend works for a suicide hotline',
  "I'm going to kill everyone at Mario Kart",
  "No, I'm not going to hurt myself, I'm just sad.",
  'I want to die of embarrassment',
  'they both kill themselves',
];

const judged = (text: string) => judgeByRules(readRules(text));
const kindOf = (text: string) => {
  const found = judged(text);
  return isDanger(found) && found.probability >= 0.5 ? found.kind : null;
};

describe('explicit statements', () => {
  it.each(self)('suicide: %s', (text) => expect(kindOf(text)).toBe('suicide'));
  it.each(selfHarm)('self-harm: %s', (text) => expect(kindOf(text)).toBe('self-harm'));
  it.each(medical)('medical: %s', (text) => expect(kindOf(text)).toBe('medical'));
  it.each(abuse)('abuse: %s', (text) => expect(kindOf(text)).toBe('abuse'));
  it.each(violence)('violence: %s', (text) => expect(kindOf(text)).toBe('violence'));
  it.each(other)('somebody else: %s', (text) => expect(kindOf(text)).toBe('other'));
  it.each(elsewhere)('%s in another language: %s', (kind, text) => expect(kindOf(text)).toBe(kind));
  it.each(fine)('harmless: %s', (text) => expect(kindOf(text)).toBeNull());

  it('grades what has begun above what is thought of', () => {
    expect(judged('I want to die').grade).toBe('ideation');
    expect(judged('I have the pills ready and a note written').grade).toBe('plan');
    expect(judged('I am going to end it tonight').grade).toBe('imminent');
    expect(judged('i swallowed a bottle of bleach').grade).toBe('imminent');
  });

  it('a statement that goes on over two messages is found where it ends, and only there', () => {
    expect(judgeByRules(readRules('myself', 'I want to kill')).kind).toBe('suicide');
    expect(judgeByRules(readRules('an hour before the train comes', 'I want to kill')).kind).toBeNull();
    expect(judgeByRules(readRules('how are you', 'I want to kill myself')).kind).toBeNull();
  });

  it('what is told of a film or long over is taken down, not away', () => {
    const told = judged('In the film he says I want to kill myself');
    expect(told.probability).toBeLessThan(0.5);
    expect(told.probability).toBeGreaterThan(judged('hello').probability);
  });

  it('stays fast on hostile input', () => {
    const started = performance.now();
    for (const part of [
      'my friend ',
      'i really really ',
      'a b ',
      'want to to ',
      'not not ',
      'he said she said ',
      'k.',
      '*',
      'i took ',
    ])
      readRules(part.repeat(200_000 / part.length));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
