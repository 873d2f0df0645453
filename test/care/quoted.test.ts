import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/care/reading/quoted.js';
import { isDanger } from '../../src/care/risk-judge.js';
import { judge } from '../session/world.js';

/** Somebody else's words: never the writer's own ideation (13 §1 a, quotes). */
const ofOthers = [
  '> I want to kill myself',
  'What do you make of this?\n> I want to die, I have the pills ready',
  '>>> I want to kill myself\nand nobody would care',
  'What would you answer?\n&gt; I want to end my life',
  'My friend wrote: "I want to kill myself"',
  "he wrote: 'I don't want to live anymore, I want to kill myself'",
  'She texted me last night: i want to kill myself',
  'Tom said "I want to die" and then he left',
  '“I want to end my life”, she said and hung up.',
  '"I want to kill myself", said my brother',
  'my little sister posted ‘i want to die’ on her story',
  'Please read this\n---------- Forwarded message ---------\nFrom: Tom\nI want to kill myself tonight',
  'Begin forwarded message:\n\nI am going to kill myself',
  'Er schrieb mir: „Ich will mich umbringen“',
  'Ella me escribió: «quiero matarme»',
  'She looked at me and said: "I want to kill myself"',
] as const;

/** The writer's own words, alone or beside those of others. */
const own = [
  'My friend wrote: "how are you?" and I want to kill myself',
  '> are you okay?\nno, I want to kill myself',
  'I told my mum: "I want to kill myself"',
  'Just told my mum: "I want to kill myself"',
  'She wrote: how are you? I want to kill myself',
  'i said "i want to die" and nobody answered',
  'She left and I said: "I want to kill myself"',
  'The voice in my head says: "kill myself, kill myself"',
  'my diary says: "I want to kill myself"',
  'I keep thinking "I want to die"',
  '“How are you?” he asked. I want to end my life',
  'I want to kill myself\n> nice weather today',
  'She said: "stay." I have the pills ready and a note written.',
  'Ich habe ihr gesagt: „Ich will mich umbringen“',
] as const;

describe('the words of others in a message (13 §1)', () => {
  it.each(ofOthers)('%j is of somebody else', async (message) => {
    const found = await judge.judge(message);
    expect(['other', null]).toContain(found.kind);
    expect(partsOf(message).others).not.toBe('');
  });

  it('are still a reason to help: somebody is at risk', async () => {
    for (const message of [ofOthers[0], ofOthers[4], ofOthers[7]])
      expect(await judge.judge(message)).toMatchObject({ kind: 'other' });
  });

  it.each(own)('%j is their own', async (message) => {
    const found = await judge.judge(message);
    expect(isDanger(found)).toBe(true);
    expect(found.kind).toBe('suicide');
  });

  it.each([
    ['He wrote: "I will kill you tonight"', 'abuse'],
    ['he put his hands around my throat and said: "shut up"', 'abuse'],
  ])('%j: a threat against the writer stays one', async (message, kind) => {
    expect((await judge.judge(message)).kind).toBe(kind);
  });

  it.each([
    '>:( i want to die',
    '> :( ',
    '<3 i love it',
    'it is -> there',
    'he said that it is late',
    "don't, he said, it's late",
  ])('%j quotes nobody', (message) => {
    expect(partsOf(message)).toEqual({ own: message, others: '' });
  });

  it('an answer below a quoted question is read as one', async () => {
    const context = [{ by: 'character' as const, text: 'Are you thinking about ending your life?' }];
    const found = await judge.judge('> Are you thinking about ending your life?\nyes', { context });
    expect(found).toMatchObject({ kind: 'suicide' });
  });

  it('is done soon, whatever is written', () => {
    const began = performance.now();
    for (const piece of ['he said "', "My friend wrote '", 'he '.repeat(20), '> ', '"“„', 'A b c said '])
      partsOf(piece.repeat(16_000 / piece.length));
    expect(performance.now() - began).toBeLessThan(400);
  });
});
