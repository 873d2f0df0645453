import { describe, expect, it } from 'vitest';
import { detectCrisis } from '../../src/care/crisis.js';

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
  'I cut myself again yesterday',
  'I just took a whole bottle of pills',
  'I’m going to end my life',
  'k i l l myself, that is all I think of',
  'I want to k1ll mys3lf',
  'kms',
  'I want to die lol',
  "there is no reason to live, I don't see any point in living",
  'what is the easiest way to die',
  'i slit my wrists last year and want to do it again',
  'I want to jump off a bridge',
  'I started self-harming again',
  "I'm so tired of living",
  'I WANT\u200B TO DIE',
];
const danger = [
  'my husband hits me',
  'He is going to kill me when he comes home',
  'I was raped last night',
  'my dad keeps beating me',
  "I'm not safe at home",
  'he has a gun pointed at me, he has a gun at me',
  'I am going to kill my boss',
];
const other = [
  'My friend told me she wants to kill herself',
  'my brother is suicidal and I am scared',
  'My daughter has been cutting herself',
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
];

describe('explicit crisis statements', () => {
  it.each(self)('self: %s', (text) => expect(detectCrisis(text)).toBe('self'));
  it.each(danger)('danger: %s', (text) => expect(detectCrisis(text)).toBe('danger'));
  it.each(other)('other: %s', (text) => expect(detectCrisis(text)).toBe('other'));
  it.each(fine)('none: %s', (text) => expect(detectCrisis(text)).toBeNull());
  it('stays fast on hostile input', () => {
    const started = performance.now();
    detectCrisis('my friend '.repeat(20_000));
    detectCrisis('i really really '.repeat(20_000));
    detectCrisis('a b '.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
